using System.Diagnostics;

namespace Relo.Conformance.MinimalBtf;

/// <summary>Debian's bpftool, for minimal BTF.</summary>
public sealed class Bpftool : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("relo-");

    /// <summary>Its path; null if it is not installed.</summary>
    public static string? Path { get; } = new[] { "/usr/sbin/bpftool", "/usr/bin/bpftool", "/sbin/bpftool" }.FirstOrDefault(File.Exists);

    /// <summary><c>bpftool gen min_core_btf</c>.</summary>
    /// <returns>The BTF, or null and what bpftool said.</returns>
    public (byte[]? Btf, string Said) MinimalBtf(string kernelPath, string objectPath)
    {
        var output = System.IO.Path.Combine(_folder.FullName, "minimal.btf");
        File.Delete(output);
        using var process =
            Process.Start(new ProcessStartInfo(Path!,
                ["gen", "min_core_btf", kernelPath, output, objectPath])
            { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode == 0 ? File.ReadAllBytes(output) : null, said.GetAwaiter().GetResult().Trim());
    }

    /// <summary><c>bpftool btf dump file … format c</c>.</summary>
    public static async Task<string> HeaderAsync(string kernelPath)
    {
        using var process =
            Process.Start(new ProcessStartInfo(Path!, ["btf", "dump", "file", kernelPath, "format", "c"]) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"bpftool: exit status {process.ExitCode}");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
