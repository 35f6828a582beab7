using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Relo.Benchmarks.Compatibility;

/// <summary>One check of all kernels, with its time and memory.</summary>
/// <param name="Wall">From sending the request to having the whole answer.</param>
/// <param name="Processor">Processor time the service used meanwhile, of all cores.</param>
/// <param name="Kernels">Kernels that were looked at.</param>
/// <param name="Groups">Groups that they fell into.</param>
internal sealed record Question(TimeSpan Wall, TimeSpan Processor, int Kernels, int Groups)
{
    /// <summary>Asks it.</summary>
    public static async Task<Question> AskAsync(ServiceProcess service, byte[] file)
    {
        var (before, begin) = (service.ProcessorTime, Stopwatch.GetTimestamp());
        using var body = new ByteArrayContent(file) { Headers = { ContentType = new("application/octet-stream") } };
        using var answer = await service.Client.PostAsync(new Uri("/v1/compatibility", UriKind.Relative), body);
        var text = await answer.Content.ReadAsByteArrayAsync();
        var wall = Stopwatch.GetElapsedTime(begin);
        answer.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(text);
        var (root, verdicts) = (document.RootElement, document.RootElement.GetProperty("verdicts"));
        if (verdicts.GetProperty("failed").GetInt32() > 0) throw new InvalidOperationException($"kernels failed: {verdicts}");
        return new(
            wall, service.ProcessorTime - before, root.GetProperty("kernels").GetInt32(), root.GetProperty("groups").GetArrayLength());
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Wall.TotalMilliseconds:0} ms ({Processor.TotalMilliseconds:0})");
}
