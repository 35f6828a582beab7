using System.Globalization;
using System.Text;
using Relo.Api.Ops;
using Serilog;
using Serilog.Formatting.Display;

namespace Relo.Api.Tests.Ops;

public sealed class BatchedConsoleTests
{
    private static readonly MessageTemplateTextFormatter Line = new("{Message:lj}{NewLine}", CultureInfo.InvariantCulture);

    [Fact]
    public void Lines_are_written_in_order_and_none_is_lost_when_the_service_stops()
    {
        using var output = new MemoryStream();
        using (var log = LoggerOf(output, new()))
        {
            for (var i = 0; i < 5000; i++) log.Information("line {Number}", i);
        }

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"line {i}"), lines.Select(l => l.TrimEnd()));
    }

    [Fact]
    public async Task Nobody_waits_for_a_console_that_is_not_read_and_dropped_lines_are_counted_and_reported()
    {
        const int lines = 50_000; // more than any buffer
        var dropped = new DroppedLines();
        using var output = new Stuck();
        using (var log = LoggerOf(output, dropped))
        {
            for (var i = 0; i < lines; i++) log.Information("line {Number}", i);
            await output.Begun;
            output.Release();
        }

        var written = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(dropped.Count, 1, lines - 20_000);
        Assert.Equal(lines - dropped.Count, written.Count(line => line.StartsWith("line ", StringComparison.Ordinal)));
        var reports = written.Where(line =>
            line.EndsWith(" log lines were dropped because standard error was not read or failed", StringComparison.Ordinal));
        Assert.Equal(dropped.Count, reports.Sum(line => long.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Lines_that_the_console_does_not_take_are_counted_and_reported_and_the_next_ones_are_written()
    {
        var dropped = new DroppedLines();
        using var output = new FailsOnce();
        using (var log = LoggerOf(output, dropped))
        {
            log.Information("lost");
            await output.Failed;
            log.Information("kept");
        }

        Assert.Equal(1, dropped.Count);
        Assert.Equal(["kept", "1 log lines were dropped because standard error was not read or failed"],
            Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static Serilog.Core.Logger LoggerOf(Stream output, DroppedLines dropped) =>
        BatchedConsole.AddTo(new LoggerConfiguration().WriteTo, Line, output, dropped).CreateLogger();

    private sealed class FailsOnce : MemoryStream
    {
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Failed => _failed.Task;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_failed.TrySetResult()) throw new IOException("the console is gone");
            Write(buffer.ToArray(), 0, buffer.Length);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Stuck : MemoryStream
    {
        private readonly TaskCompletionSource _begun = new(), _released = new();

        public Task Begun => _begun.Task;

        public void Release() => _released.SetResult();

        public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

        public override void Write(byte[] buffer, int offset, int count)
        {
            _begun.TrySetResult();
            _released.Task.Wait();
            base.Write(buffer, offset, count);
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _begun.TrySetResult();
            await _released.Task;
            base.Write(buffer.ToArray(), 0, buffer.Length);
        }
    }
}
