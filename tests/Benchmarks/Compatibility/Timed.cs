using System.Diagnostics;
using System.Globalization;

namespace Relo.Benchmarks.Compatibility;

/// <summary>The time of one request.</summary>
/// <param name="Wall">From sending the request to having the whole answer.</param>
/// <param name="Processor">Processor time the service used meanwhile, of all cores.</param>
internal sealed record Timed(TimeSpan Wall, TimeSpan Processor)
{
    /// <summary>Asks for the history of <c>task_struct</c>.</summary>
    /// <param name="service">The service.</param>
    /// <param name="kernels">Which kernels, as a query; all if it is empty.</param>
    public static async Task<Timed> HistoryAsync(ServiceProcess service, string kernels = "")
    {
        var (before, begin) = (service.ProcessorTime, Stopwatch.GetTimestamp());
        using var answer = await service.Client.GetAsync(new Uri("/v1/types/task_struct/history" + kernels, UriKind.Relative));
        await answer.Content.ReadAsByteArrayAsync();
        var wall = Stopwatch.GetElapsedTime(begin);
        answer.EnsureSuccessStatusCode();
        return new(wall, service.ProcessorTime - before);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Wall.TotalMilliseconds:0} ms ({Processor.TotalMilliseconds:0})");
}
