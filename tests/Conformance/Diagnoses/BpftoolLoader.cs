using System.Diagnostics;
using Relo.Conformance.MinimalBtf;

namespace Relo.Conformance.Diagnoses;

/// <summary>Debian's bpftool, which loads all programs of an object and reports every step.</summary>
public sealed class BpftoolLoader : IDisposable
{
    // A file system of its own: /sys/fs/bpf is not mounted everywhere, and unmounting deletes all pins.
    private readonly DirectoryInfo _pins = Directory.CreateTempSubdirectory("relo-pins-");
    private int _loads;

    /// <summary>Mounts the file system for what it pins.</summary>
    public BpftoolLoader() => Run("mount", "-t", "bpf", "bpf", _pins.FullName);

    /// <summary><c>bpftool -d prog loadall</c>, which ends at the first program that the kernel refuses.</summary>
    /// <returns>What it printed; null if it loaded the object.</returns>
    public async Task<string?> LogAsync(string path, CancellationToken cancellation)
    {
        string[] arguments = ["-d", "prog", "loadall", path, Path.Combine(_pins.FullName, $"{_loads++}")];
        using var process = Process.Start(
            new ProcessStartInfo(Bpftool.Path!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (said, printed) = (process.StandardError.ReadToEndAsync(cancellation), process.StandardOutput.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        var log = await said + await printed;
        return process.ExitCode == 0 ? null : log;
    }

    public void Dispose()
    {
        Run("umount", _pins.FullName);
        _pins.Delete();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }
}
