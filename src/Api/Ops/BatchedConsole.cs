using System.Text;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Relo.Api.Ops;

/// <summary>
/// Writes log lines to standard error in batches, from one task, so that requests neither format lines nor wait for each other. A line
/// appears within 0.1 s; stopping the service flushes all of them.
/// </summary>
/// <param name="formatter">Formats a line.</param>
/// <param name="output">The output.</param>
internal sealed class BatchedConsole(ITextFormatter formatter, Stream output) : IBatchedLogEventSink, IDisposable
{
    // If standard error is not read, the newest lines are dropped instead of blocking the service.
    private const int MostWaiting = 20_000;

    private readonly StreamWriter _lines = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 32 * 1024);

    /// <summary>The largest batch, and the longest delay of a line.</summary>
    public static BatchingOptions Options =>
        new() { BatchSizeLimit = 1000, BufferingTimeLimit = TimeSpan.FromMilliseconds(100), QueueLimit = MostWaiting };

    /// <inheritdoc/>
    public Task EmitBatchAsync(IReadOnlyCollection<LogEvent> batch)
    {
        foreach (var line in batch) formatter.Format(line, _lines);
        return _lines.FlushAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();
}
