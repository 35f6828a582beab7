using System.Collections.Concurrent;
using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace Relo.Api.Tests.Fixtures;

/// <summary>Collects log lines.</summary>
internal sealed class LogLines : ILogEventSink
{
    private readonly ConcurrentQueue<LogEvent> _events = new();

    public IReadOnlyList<LogEvent> Events => [.. _events];

    /// <summary>Lines of requests to this path.</summary>
    public List<string> Requests(string path) =>
        [.. Events.Where(e => e.Properties.TryGetValue("RequestPath", out var p) && p.ToString() == $"\"{path}\""
            && e.Properties.ContainsKey("Elapsed")).Select(Render)];

    /// <summary>
    /// The same, once there are this many. A line is written when its request is over, which may be after the client has its answer.
    /// </summary>
    public async Task<List<string>> RequestsAsync(string path, int count)
    {
        for (var i = 0; i < 1000 && Requests(path).Count < count; i++) await Task.Delay(10);
        return Requests(path);
    }

    public static string Render(LogEvent line) =>
        $"{line.Level} {line.RenderMessage(CultureInfo.InvariantCulture)} {line.Exception}".TrimEnd();

    public void Emit(LogEvent logEvent) => _events.Enqueue(logEvent);
}
