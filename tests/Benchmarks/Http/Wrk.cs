using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Relo.Benchmarks.Http;

/// <summary>A measurement of wrk (apt-get install wrk).</summary>
/// <param name="PerSecond">Answers in a second.</param>
/// <param name="P50">Half of the answers came within this, in milliseconds.</param>
/// <param name="P99">99 of 100 answers came within this, in milliseconds.</param>
/// <param name="Errors">Answers of status 400 and above, and connections that failed.</param>
internal sealed record WrkResult(double PerSecond, double P50, double P99, long Errors);

/// <summary>Requests one URL as fast as it responds.</summary>
internal static partial class Wrk
{
    /// <summary>Runs it for some seconds with two threads.</summary>
    public static async Task<WrkResult> RunAsync(Uri address, int connections, int seconds, string? header = null, string? script = null)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-t2", $"-c{connections}", $"-d{seconds}s", "--latency", "--timeout", "10s"])
            start.ArgumentList.Add(argument);
        if (header is not null) foreach (var argument in (string[])["-H", header]) start.ArgumentList.Add(argument);
        if (script is not null) foreach (var argument in (string[])["-s", script]) start.ArgumentList.Add(argument);
        start.ArgumentList.Add(address.ToString());

        using var wrk = Process.Start(start)!;
        var said = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (wrk.ExitCode != 0) throw new InvalidOperationException($"wrk ended with status {wrk.ExitCode}: {said}");

        var refused = Refused().Match(said);
        var broken = Broken().Match(said);
        var errors = (refused.Success ? Count(refused.Groups[1]) : 0) + (broken.Success ? broken.Groups.Values.Skip(1).Sum(Count) : 0);
        return new(double.Parse(PerSecond().Match(said).Groups[1].ValueSpan, CultureInfo.InvariantCulture), Milliseconds(said, "50%"),
            Milliseconds(said, "99%"), errors);
    }

    private static long Count(Group group) => long.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    private static double Milliseconds(string said, string part)
    {
        var found = Regex.Match(said, $@"{part}\s+([\d.]+)(us|ms|s)\b");
        var value = double.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return found.Groups[2].Value switch { "us" => value / 1000, "ms" => value, _ => value * 1000 };
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex Refused();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex Broken();
}
