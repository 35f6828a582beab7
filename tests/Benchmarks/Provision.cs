using System.Diagnostics;
using Relo.Conformance.Corpus;

namespace Relo.Benchmarks;

/// <summary>Installs and downloads what a benchmark needs (<c>provide</c>); on a fresh clone that takes some minutes.</summary>
internal static class Provision
{
    /// <summary>Provides for a benchmark.</summary>
    /// <returns>Whether the script succeeded; if not, it said why.</returns>
    public static async Task<bool> ForAsync(Benchmark benchmark)
    {
        if (benchmark.Packages is null) return true;
        var script = Path.Combine(Cache.Repository, "tests", "Benchmarks", "provide");
        var start = new ProcessStartInfo(script, benchmark.Packages) { Environment = { ["RELO_CACHE"] = Corpus.Root } };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
