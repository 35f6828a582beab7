using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Index;

public sealed class ArchiveWriterTests
{
    // An operator sees which write the others waited for.
    [Fact]
    public async Task A_long_write_is_logged_with_its_writer_and_others_give_up_after_their_patience()
    {
        using var log = new Warnings();
        await using var archive = TestArchive.Prepare(("Archive:BusyTimeout", "00:00:01"));
        archive.Logger = log;
        await archive.Restart();
        var writer = archive.Get<ArchiveWriter>();
        var isWriting = new TaskCompletionSource();
        var slow = writer.WriteAsync(
            async db =>
            {
                isWriting.SetResult();
                await Task.Delay(TimeSpan.FromSeconds(2.2));
                return await db.Kernels.CountAsync();
            },
            _ => { }, TestContext.Current.CancellationToken);
        await isWriting.Task;
        var refused = await Assert.ThrowsAsync<ArchiveBusyException>(() => writer.WriteAsync(
            db => db.Kernels.CountAsync(), _ => { }, TestContext.Current.CancellationToken));
        Assert.Equal("a write to the archive waited for other writers longer than 1 s", refused.Message);
        await slow;
        Assert.Contains(log.Lines, line => line.StartsWith("A write of ArchiveWriterTests took ", StringComparison.Ordinal));
    }

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            lock (Lines) Lines.Add(formatter(state, exception));
        }

        public void Dispose() { }
    }
}
