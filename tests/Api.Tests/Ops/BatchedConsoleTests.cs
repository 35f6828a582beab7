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
        using (var log = new LoggerConfiguration().WriteTo.Sink(new BatchedConsole(Line, output), BatchedConsole.Options).CreateLogger())
        {
            for (var i = 0; i < 5000; i++) log.Information("line {Number}", i);
        }

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"line {i}"), lines.Select(l => l.TrimEnd()));
    }

    [Fact]
    public async Task Nobody_waits_for_a_console_that_is_not_read()
    {
        using var output = new Stuck();
        using var log = new LoggerConfiguration().WriteTo.Sink(new BatchedConsole(Line, output), BatchedConsole.Options).CreateLogger();
        for (var i = 0; i < 50_000; i++) log.Information("line {Number}", i); // more than any buffer
        await output.Begun;
        output.Release();
    }

    private sealed class Stuck : MemoryStream
    {
        private readonly TaskCompletionSource _begun = new(), _released = new();

        public Task Begun => _begun.Task;

        public void Release() => _released.SetResult();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _begun.TrySetResult();
            _released.Task.Wait();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _begun.TrySetResult();
            await _released.Task;
        }
    }
}
