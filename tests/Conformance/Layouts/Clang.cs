using System.Diagnostics;

namespace Relo.Conformance.Layouts;

/// <summary>Compiles for BPF.</summary>
internal static class Clang
{
    public static bool IsInstalled(string compiler) => File.Exists($"/usr/bin/{compiler}");

    /// <returns>What the compiler said: errors and warnings; empty if it had nothing to say.</returns>
    public static async Task<string> CompileAsync(string compiler, string folder, string source, string target, CancellationToken cancellation)
    {
        string[] arguments = ["-target", "bpf", "-g", "-O2", "-Wall", "-I", folder, "-c", source, "-o", target];
        using var process = Process.Start(new ProcessStartInfo(compiler, arguments) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? said : $"exit status {process.ExitCode}: {said}";
    }
}
