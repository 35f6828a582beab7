using System.Text;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace Relo.Api.Ops;

/// <summary>
/// Writes log lines to standard error in batches, from one task, so that requests neither format lines nor wait for each other. A line
/// appears within 0.1 s; stopping the service flushes all of them.
/// </summary>
internal sealed class BatchedConsole : IBatchedLogEventSink, IDisposable
{
    // If standard error is not read, the newest lines are dropped and counted instead of blocking the service.
    private const int MostWaiting = 20_000;

    // The largest batch, and the longest delay of a line. The queue has no limit of its own, because it would drop lines silently: Bounded
    // limits them.
    private static readonly BatchingOptions Batches =
        new() { BatchSizeLimit = 1000, BufferingTimeLimit = TimeSpan.FromMilliseconds(100), QueueLimit = null };

    private static readonly MessageTemplate Report =
        new MessageTemplateParser().Parse("{Dropped} log lines were dropped because standard error was not read or failed");

    private readonly ITextFormatter _formatter;
    private readonly StreamWriter _lines;
    private readonly DroppedLines _dropped;
    private long _waiting, _reported;

    private BatchedConsole(ITextFormatter formatter, Stream output, DroppedLines dropped)
    {
        (_formatter, _dropped) = (formatter, dropped);
        _lines = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 32 * 1024);
    }

    /// <summary>Makes a logger write to <paramref name="output"/>.</summary>
    /// <param name="sinks">The sinks of the logger.</param>
    /// <param name="formatter">Formats a line.</param>
    /// <param name="output">The output.</param>
    /// <param name="dropped">Counts the lines that are dropped.</param>
    public static LoggerConfiguration AddTo(
        LoggerSinkConfiguration sinks, ITextFormatter formatter, Stream output, DroppedLines dropped)
    {
        var console = new BatchedConsole(formatter, output, dropped);
        return sinks.Sink(LoggerSinkConfiguration.Wrap(queue => new Bounded(queue, console), inner => inner.Sink(console, Batches)));
    }

    /// <inheritdoc/>
    public async Task EmitBatchAsync(IReadOnlyCollection<LogEvent> batch)
    {
        Interlocked.Add(ref _waiting, -batch.Count);
        try
        {
            foreach (var line in batch) _formatter.Format(line, _lines);
            var dropped = _dropped.Count;
            if (dropped != _reported) _formatter.Format(ReportOf(dropped - _reported), _lines);
            await _lines.FlushAsync();
            _reported = dropped;
        }
        catch (Exception)
        {
            // Rethrown, the queue would emit this batch again, and after ten failures discard others without a call: _waiting would stay
            // wrong.
            _dropped.Add(batch.Count);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private static LogEvent ReportOf(long dropped) => new(DateTimeOffset.Now, LogEventLevel.Warning, exception: null, Report,
        [new LogEventProperty("Dropped", new ScalarValue(dropped))]);

    /// <summary>Drops lines while too many wait.</summary>
    private sealed class Bounded(ILogEventSink queue, BatchedConsole console) : ILogEventSink, IDisposable
    {
        public void Emit(LogEvent logEvent)
        {
            if (Interlocked.Increment(ref console._waiting) <= MostWaiting)
            {
                queue.Emit(logEvent);
                return;
            }
            Interlocked.Decrement(ref console._waiting);
            console._dropped.Add();
        }

        public void Dispose() => (queue as IDisposable)?.Dispose();
    }
}
