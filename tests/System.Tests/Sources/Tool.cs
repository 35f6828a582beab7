using System.Diagnostics;

namespace Relo.SystemTests.Sources;

/// <summary>Runs a program of Debian with which others make or serve repositories.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Whether all of them are installed.</summary>
    public static bool AreInstalled(params string[] programs) => Array.TrueForAll(programs, IsInstalled);

    /// <summary>Skips the test if a program is not installed.</summary>
    public static void SkipUnlessInstalled(params string[] programs)
    {
        foreach (var program in programs)
            Assert.SkipUnless(
                IsInstalled(program), $"/usr/bin/{program} is not installed; tests/debian-packages names its package");
    }

    /// <summary>Its standard output; fails the test if the program fails.</summary>
    public static async Task<string> RunAsync(string folder, string program, params string[] words)
    {
        var (status, output, error) = await TryAsync(folder, program, words);
        Assert.True(status == 0, $"{program} {string.Join(' ', words)}: {error}");
        return output;
    }

    /// <summary>Copies a folder, for a test that changes it.</summary>
    public static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static bool IsInstalled(string program) => File.Exists($"/usr/bin/{program}");

    /// <summary>Its exit status and output.</summary>
    public static async Task<(int Status, string Output, string Error)> TryAsync(string folder, string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo($"/usr/bin/{program}", words)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await error);
    }
}
