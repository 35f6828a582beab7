using System.Diagnostics;
using Relo.Conformance.Generated;

namespace Relo.Conformance.MinimalBtf;

/// <summary>Debian's bpftool, for minimal BTF.</summary>
public static class Bpftool
{
    /// <summary>Its path; null if it is not installed.</summary>
    public static string? Path { get; } = new[] { "/usr/sbin/bpftool", "/usr/bin/bpftool", "/sbin/bpftool" }.FirstOrDefault(File.Exists);

    /// <summary><c>bpftool gen min_core_btf</c>.</summary>
    /// <returns>The BTF, or null and what bpftool said.</returns>
    public static (byte[]? Btf, string Said) MinimalBtf(string kernelPath, string objectPath)
    {
        using var folder = new TemporaryFolder();
        var output = System.IO.Path.Combine(folder.FullName, "minimal.btf");
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
}
