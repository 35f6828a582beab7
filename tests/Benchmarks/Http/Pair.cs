using System.Globalization;

namespace Relo.Benchmarks.Http;

/// <summary>The service and its reference, measured in turns.</summary>
/// <param name="Name">What is asked.</param>
/// <param name="Beside">What it is compared with.</param>
/// <param name="Connections">How many connections are open.</param>
/// <param name="Ours">The service.</param>
/// <param name="Theirs">The other.</param>
/// <param name="IsClosing">Whether each request uses a new connection.</param>
internal sealed record Pair(string Name, string Beside, int Connections, Asked Ours, Asked Theirs, bool IsClosing = false)
{
    private readonly List<Round> _rounds = [];

    /// <summary>One round.</summary>
    public async Task RunAsync(ServiceProcess service, int seconds)
    {
        var theirs = await AskAsync(Theirs, seconds);
        var before = service.ProcessorTime;
        var ours = await AskAsync(Ours, seconds);
        _rounds.Add(new(ours, theirs, (service.ProcessorTime - before).TotalMicroseconds / (ours.PerSecond * seconds)));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Name}: {ours.PerSecond:F0}/s, {Beside} {theirs.PerSecond:F0}/s, ratio {ours.PerSecond / theirs.PerSecond:F2}"));
    }

    /// <summary>Drops the rounds so far.</summary>
    public void Forget() => _rounds.Clear();

    /// <summary>The medians as a row of the table.</summary>
    public string Row() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Name} | {Beside} | {Connections} | {Median(r => r.Ours.PerSecond):N0} | {Median(r => r.Theirs.PerSecond):N0} | "
            + $"{Median(r => r.Ours.PerSecond / r.Theirs.PerSecond):F2} ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"| {Median(r => r.Microseconds):F0} | {Median(r => r.Ours.P50):F2} | {Median(r => r.Theirs.P50):F2} | "
                + $"{Median(r => r.Ours.P99):F2} | {Median(r => r.Theirs.P99):F2} | {_rounds.Sum(r => r.Ours.Errors)} |");

    private Task<WrkResult> AskAsync(Asked asked, int seconds) =>
        Wrk.RunAsync(asked.Address, Connections, seconds, IsClosing ? "Connection: close" : null, asked.Script);

    private double Median(Func<Round, double> value)
    {
        var sorted = _rounds.Select(value).Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <param name="Ours">Of the service.</param>
    /// <param name="Theirs">Of the other.</param>
    /// <param name="Microseconds">Processor time of the service for each request.</param>
    private sealed record Round(WrkResult Ours, WrkResult Theirs, double Microseconds);
}
