using System.Diagnostics;
using System.Globalization;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Processes;

/// <summary>What tests that kill the program (SIGKILL: it gets to do nothing more) have in common.</summary>
internal static class Kills
{
    /// <summary>How long anything may take; only so that a test of a program that hangs ends.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly string[] TemporaryFolders = ["blobs/btf/.tmp", "blobs/packed/.tmp", "blobs/objects/.tmp", "uploads", "scratch"];

    /// <summary>Number of kills and the seed, which repeats a run.</summary>
    /// <param name="variable">The environment variable with the number of kills.</param>
    /// <param name="otherwise">The number without it.</param>
    /// <param name="output">Receives both.</param>
    public static (int Kills, Random Random) Start(string variable, int otherwise, ITestOutputHelper output)
    {
        int kills = Setting(variable, otherwise), seed = Setting("RELO_KILL_SEED", Environment.TickCount);
        output.WriteLine($"{kills} kills, RELO_KILL_SEED={seed}");
        return (kills, new(seed));
    }

    /// <summary>Kills the process within a moment.</summary>
    public static async Task KillAsync(Process process, Random random)
    {
        await Task.Delay(random.Next(30));
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Fails the test unless the archive is whole and nothing half written is left. Returns what verify says.</summary>
    public static async Task<string> AssertWholeAsync(string root, int round)
    {
        var said = await AssertVerifiedAsync(root, round);
        await RunProgram.RunAsync(root, "list"); // verify changes nothing; whatever opens the archive removes what was half written
        foreach (var folder in TemporaryFolders.Select(f => Path.Combine(root, f)).Where(Directory.Exists))
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        return said;
    }

    /// <summary>Starts the program. It does not outlive the test that fails before it kills it.</summary>
    public static Killable StartProgram(string root, params string[] arguments) =>
        new(Process.Start(RunProgram.StartOf(root, arguments))!);

    /// <summary>Fails the test unless the archive is whole. Returns what verify says.</summary>
    public static async Task<string> AssertVerifiedAsync(string root, int round)
    {
        var (status, said) = await RunProgram.RunAsync(root, "verify");
        Assert.True(status == 0, $"after kill {round}: {said}");
        Assert.Contains("nothing wrong", said, StringComparison.Ordinal);
        return said;
    }

    private static int Setting(string name, int otherwise) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : otherwise;

    /// <summary>A process that ends with its scope.</summary>
    internal sealed record Killable(Process Process) : IDisposable
    {
        public void Dispose()
        {
            if (!Process.HasExited) Process.Kill();
            Process.Dispose();
        }
    }
}
