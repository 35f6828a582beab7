using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;

namespace Relo.Archive.Tests.Index;

public sealed class ArchiveWatcherTests
{
    [Fact]
    public async Task What_another_process_adds_deletes_and_replaces_is_seen()
    {
        await using var service = await TestArchive.StartAsync();
        await using var other = TestArchive.Prepare();
        await other.Restart(service.Root);
        await other.AddAsync(TinyBtf.Of("a"), "6.1.0");
        await ReloadAsync(service);
        Assert.Equal("6.1.0", Assert.Single(service.Index.Matching(new())).Release);

        other.Clock.Advance(TimeSpan.FromSeconds(1));
        var replaced = Assert.IsType<Added>(await other.AddAsync(TinyBtf.Of("b"), "6.1.0", replace: true)).Kernel;
        await ReloadAsync(service);
        Assert.Equal(replaced.Btf, Assert.Single(service.Index.Matching(new())).Btf);

        await other.Store.DeleteAsync(replaced.Id, TestContext.Current.CancellationToken);
        await ReloadAsync(service);
        Assert.Equal(0, service.Index.Count);
    }

    [Fact]
    public async Task A_running_watcher_notices_within_seconds_and_ends_when_told()
    {
        await using var service = await TestArchive.StartAsync();
        await using var other = TestArchive.Prepare();
        await other.Restart(service.Root);
        using var stop = new CancellationTokenSource();
        var watching = service.Get<ArchiveWatcher>().RunAsync(stop.Token);
        await other.AddAsync(TinyBtf.Of("a"), "6.1.0");
        for (var i = 0; i < 100 && service.Index.Count == 0; i++) await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(1, service.Index.Count);
        await stop.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task Who_catches_up_knows_what_another_process_committed_before()
    {
        await using var service = await TestArchive.StartAsync();
        await using var other = TestArchive.Prepare();
        await other.Restart(service.Root);
        var watcher = service.Get<ArchiveWatcher>();
        for (var i = 1; i <= 5; i++)
        {
            await other.AddAsync(TinyBtf.Of($"a{i}"), $"6.1.{i}");
            await watcher.CatchUpAsync(TestContext.Current.CancellationToken);
            Assert.Equal(i, service.Index.Count);
        }
    }

    [Fact]
    public async Task Who_catches_up_does_not_wait_long_for_a_process_that_holds_the_database()
    {
        await using var service = await TestArchive.StartAsync();
        await using var other = TestArchive.Prepare();
        await other.Restart(service.Root);
        TestDatabase.SkipUnlessSqlite("PostgreSQL's writers do not hold up its readers");
        await other.AddAsync(TinyBtf.Of("a"), "6.1.0");
        await using (var holder = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={service.Database}"))
        {
            await holder.OpenAsync(TestContext.Current.CancellationToken);
            await using var held = holder.BeginTransaction(deferred: false);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await service.Get<ArchiveWatcher>().CatchUpAsync(TestContext.Current.CancellationToken);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
        }

        for (var i = 0; i < 100 && service.Index.Count == 0; i++)
            await service.Get<ArchiveWatcher>().CatchUpAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, service.Index.Count);
    }

    [Fact]
    public async Task Nothing_is_loaded_anew_for_changes_of_our_own()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(TinyBtf.Of("a"), "6.1.0");
        var snapshot = archive.Index.Current;
        await ReloadAsync(archive);
        Assert.Same(snapshot, archive.Index.Current);
    }

    [Fact]
    public async Task A_change_that_cannot_be_read_is_logged_once()
    {
        using var log = new Warnings();
        await using var service = TestArchive.Prepare();
        service.Logger = log;
        await service.Restart();
        await using var other = TestArchive.Prepare();
        await other.Restart(service.Root);
        await other.AddAsync(TinyBtf.Of("a"), "6.1.0");
        await service.SqlAsync("UPDATE Kernels SET AddedAt = -1");
        for (var i = 0; i < 3; i++) await service.Get<ArchiveWatcher>().CatchUpAsync(TestContext.Current.CancellationToken);
        Assert.Single(log.Texts, text => text.StartsWith("Changes of other processes cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_processes_that_add_one_id_agree_on_one_BTF()
    {
        await using var one = await TestArchive.StartAsync();
        await using var two = TestArchive.Prepare();
        await two.Restart(one.Root);
        var first = Assert.IsType<Added>(await one.AddAsync(TinyBtf.Of("a"))).Kernel;
        Assert.Equal(first.Btf, Assert.IsType<AlreadyThere>(await two.AddAsync(TinyBtf.Of("a"))).Kernel.Btf);
        Assert.Equal(first.Btf, Assert.IsType<Conflict>(await two.AddAsync(TinyBtf.Of("b"))).Existing.Btf);
        Assert.Single(one.Stored("btf"));
    }

    [Fact]
    public async Task A_sound_archive_is_ready_and_one_without_blob_folder_is_not()
    {
        await using var archive = await TestArchive.StartAsync();
        Assert.All(await ProbeAsync(archive), part => Assert.True(part.Status == ProbeStatus.Healthy, part.ToString()));
        TestBlobs.SkipUnlessFiles();
        Directory.Delete(Path.Combine(archive.Root, "blobs"), recursive: true);
        // what was found within the last second
        Assert.All(await ProbeAsync(archive), part => Assert.Equal(ProbeStatus.Healthy, part.Status));
        archive.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("blobs", Assert.Single(await ProbeAsync(archive), part => part.Status == ProbeStatus.Unhealthy).Part);
    }

    private static Task ReloadAsync(TestArchive archive) =>
        archive.Get<ArchiveWatcher>().RefreshAsync(TestContext.Current.CancellationToken);

    private static Task<IReadOnlyList<ProbeResult>> ProbeAsync(TestArchive archive) =>
        archive.Get<ArchiveProbe>().ProbeAsync(TestContext.Current.CancellationToken);

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Texts { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Enqueue(formatter(state, exception));

        public void Dispose() { }
    }
}
