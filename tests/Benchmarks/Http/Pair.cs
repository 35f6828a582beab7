using System.Globalization;

namespace Relo.Benchmarks.Http;

/// <summary>The service and what it is compared with, asked in turns.</summary>
internal sealed record Pair(string Asked, string Beside, int Connections, Uri Ours, Uri Theirs, string? OurHeader = null, string? TheirHeader = null, string? Script = null)
{
    private readonly List<(WrkResult Ours, WrkResult Theirs)> _rounds = [];

    /// <summary>One round.</summary>
    public async Task RunAsync(int seconds)
    {
        var theirs = await Wrk.RunAsync(Theirs, Connections, seconds, TheirHeader, Script);
        var ours = await Wrk.RunAsync(Ours, Connections, seconds, OurHeader, Script);
        _rounds.Add((ours, theirs));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Asked}: {ours.PerSecond:F0}/s, {Beside} {theirs.PerSecond:F0}/s, ratio {ours.PerSecond / theirs.PerSecond:F2}"));
    }

    /// <summary>Drops the rounds so far.</summary>
    public void Forget() => _rounds.Clear();

    /// <summary>The medians as a row of the table.</summary>
    public string Row() => string.Create(CultureInfo.InvariantCulture,
        $"| {Asked} | {Beside} | {Connections} | {Median(r => r.Ours.PerSecond):N0} | {Median(r => r.Theirs.PerSecond):N0} | {Median(r => r.Ours.PerSecond / r.Theirs.PerSecond):F2} | {Median(r => r.Ours.P50):F2} | {Median(r => r.Theirs.P50):F2} | {Median(r => r.Ours.P99):F2} | {Median(r => r.Theirs.P99):F2} | {Median(r => r.Ours.P99 / r.Theirs.P99):F2} | {_rounds.Sum(r => r.Ours.Errors)} |");

    private double Median(Func<(WrkResult Ours, WrkResult Theirs), double> value)
    {
        var sorted = _rounds.Select(value).Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
