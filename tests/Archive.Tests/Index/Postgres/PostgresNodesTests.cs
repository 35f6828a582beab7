using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Index.Postgres;

/// <summary>Two nodes on one database.</summary>
public sealed class PostgresNodesTests(ITestOutputHelper output) : IAsyncLifetime
{
    private TestArchive _one = null!, _two = null!;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        TestDatabase.SkipUnlessPostgres();
        _one = await TestArchive.StartAsync();
        _two = TestArchive.Prepare();
        await _two.Restart(_one.Root);
    }

    [Theory]
    [InlineData("notifications", 500)]
    [InlineData("polling", 3000)] // a second, and what a busy machine takes
    [InlineData("a lost connection", 3000)]
    public async Task A_change_reaches_the_other_node_at_once_by(string how, int milliseconds)
    {
        if (how == "polling") await _one.SqlAsync("DROP TRIGGER relo_kernels_changed ON kernelchanges");
        using var stop = new CancellationTokenSource();
        var watching = _two.Get<ArchiveWatcher>().RunAsync(stop.Token);
        await AddAndWaitAsync("6.1.0"); // it listens
        for (var i = 1; i <= 5; i++)
        {
            if (how == "a lost connection")
                await _one.SqlAsync(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()");
            var took = await AddAndWaitAsync($"6.1.{i}");
            output.WriteLine($"{how}: {took.TotalMilliseconds:0} ms");
            Assert.True(took.TotalMilliseconds < milliseconds, $"{took}");
        }

        await stop.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task Of_two_nodes_that_add_different_BTF_under_one_id_one_finds_a_conflict()
    {
        for (var i = 0; i < 20; i++)
        {
            var outcomes = await Task.WhenAll(
                Task.Run(() => _one.AddAsync(TinyBtf.Of("one"), $"6.1.{i}"), Patience),
                Task.Run(() => _two.AddAsync(TinyBtf.Of("two"), $"6.1.{i}"), Patience));
            var added = Assert.Single(outcomes.OfType<Added>()).Kernel;
            Assert.Equal(added.Btf, Assert.Single(outcomes.OfType<Conflict>()).Existing.Btf);
        }

        await SameAsync(20);
    }

    [Fact]
    public async Task Nodes_that_add_replace_and_delete_at_once_agree_in_the_end()
    {
        await Task.WhenAll(new[] { _one, _two }.Select((node, n) => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await node.AddAsync(TinyBtf.Of($"t{n}_{i % 3}"), $"6.1.{i % 7}", replace: true);
                if (i % 5 == n) await node.Store.DeleteAsync($"custom/local/x86_64/6.1.{i % 7}", Patience);
                await node.Get<ArchiveWatcher>().CatchUpAsync(Patience);
            }
        }, Patience)));
        await SameAsync(expected: null);
        Assert.Empty((await _one.Get<ArchiveVerifier>().VerifyAsync(Patience)).Faults);
    }

    [Fact]
    public async Task One_tag_that_two_nodes_move_at_once_names_one_object()
    {
        for (byte i = 0; i < 20; i++)
        {
            byte[] first = [1, i], second = [2, i];
            await Task.WhenAll(
                Task.Run(() => _one.Objects.PutAsync(Digest.Of(first), first, "tag", Patience), Patience),
                Task.Run(() => _two.Objects.PutAsync(Digest.Of(second), second, "tag", Patience), Patience));
        }

        Assert.Equal(1L, await _one.SqlAsync("SELECT count(*) FROM Tags"));
        Assert.Equal(40L, await _one.SqlAsync("SELECT Count FROM ObjectTotals"));
        _one.Clock.Advance(TimeSpan.FromSeconds(2)); // what was remembered of the tag is forgotten
        _two.Clock.Advance(TimeSpan.FromSeconds(2));
        var tag = new ObjectRef.ByTag("tag");
        Assert.Equal((await _one.Objects.FindAsync(tag, Patience))!.Digest, (await _two.Objects.FindAsync(tag, Patience))!.Digest);
    }

    [Fact]
    public async Task An_object_is_found_by_its_digest_on_the_other_node_at_once()
    {
        byte[] bytes = [1, 2, 3];
        Assert.Null(await _two.Objects.FindAsync(new ObjectRef.ByDigest(Digest.Of(bytes)), Patience));
        await _one.Objects.PutAsync(Digest.Of(bytes), bytes, Patience);
        Assert.Equal(bytes, (await _two.Objects.GetAsync(Digest.Of(bytes), Patience))!.Value.ToArray());
    }

    [Fact]
    public async Task A_tag_that_was_moved_on_the_other_node_is_old_for_a_second_unless_the_caller_wants_the_current_one()
    {
        var tag = new ObjectRef.ByTag("tag");
        var (before, after) = (await PutAsync(_one, 1), Digest.Of([2]));
        Assert.Equal((before, false), await FindAsync());
        await PutAsync(_one, 2);
        Assert.Equal((before, true), await FindAsync());
        Assert.Equal((after, false), await FindAsync(isCurrent: true));
        Assert.Equal((after, true), await FindAsync());

        async Task<(Digest, bool)> FindAsync(bool isCurrent = false)
        {
            var found = (await _two.Objects.FindAsync(tag, Patience, isCurrent))!;
            return (found.Digest, found.IsRemembered);
        }
    }

    [Fact]
    public async Task A_tag_is_moved_back_although_the_node_remembers_that_it_was_there()
    {
        var first = await PutAsync(_two, 1);
        Assert.Equal(first, (await _two.Objects.FindAsync(new ObjectRef.ByDigest(first), Patience))!.Digest);
        await PutAsync(_one, 2);
        await PutAsync(_two, 1);
        Assert.Equal(first, (await _one.Objects.FindAsync(new ObjectRef.ByTag("tag"), Patience, isCurrent: true))!.Digest);
    }

    [Fact]
    public async Task One_node_at_a_time_removes_unused_objects()
    {
        byte[] unused = [1];
        await _one.Objects.PutAsync(Digest.Of(unused), unused, Patience);
        await _one.Get<ObjectRemoval>().RemoveUnusedAsync(Patience);
        await _two.Get<ObjectRemoval>().RemoveUnusedAsync(Patience);
        _one.Clock.Advance(TimeSpan.FromDays(40));
        _two.Clock.Advance(TimeSpan.FromDays(40));
        await using (await _one.Get<IIndexEngine>().LockAsync("unused objects", Patience))
            Assert.Equal(0, await _two.Get<ObjectRemoval>().RemoveUnusedAsync(Patience));
        Assert.Equal(1, await _two.Get<ObjectRemoval>().RemoveUnusedAsync(Patience));
        Assert.Equal(0, await _one.Get<ObjectRemoval>().RemoveUnusedAsync(Patience));
    }

    [Theory]
    [InlineData(false, "1min")]
    [InlineData(true, "0")]
    public async Task The_server_ends_an_idle_write_unless_it_is_a_long_one(bool isLong, string limit)
    {
        const string Limit = "SELECT current_setting('idle_in_transaction_session_timeout') AS \"Value\"";
        Assert.Equal(
            limit,
            await _one.Get<ArchiveWriter>().WriteAsync(
                db => db.Database.SqlQueryRaw<string>(Limit).SingleAsync(Patience), _ => { }, Patience, isLong: isLong));
    }

    private static async Task<Digest> PutAsync(TestArchive node, byte content)
    {
        byte[] bytes = [content];
        return (await node.Objects.PutAsync(Digest.Of(bytes), bytes, "tag", Patience)).Object.Digest;
    }

    [Fact]
    public async Task A_database_that_was_set_back_is_loaded_again()
    {
        await _one.AddAsync(TinyBtf.Of("a"), "6.1.0");
        await _one.SqlAsync("CREATE TABLE Kept AS SELECT * FROM KernelChanges");
        await _one.AddAsync(TinyBtf.Of("b"), "6.2.0");
        await _two.Get<ArchiveWatcher>().CatchUpAsync(Patience);
        Assert.Equal(2, _two.Index.Count);
        await _one.SqlAsync(
            "DELETE FROM Kernels WHERE Release = '6.2.0'; DELETE FROM KernelChanges; INSERT INTO KernelChanges SELECT * FROM Kept");
        await _two.Get<ArchiveWatcher>().CatchUpAsync(Patience);
        Assert.Equal("6.1.0", Assert.Single(_two.Index.Matching(new())).Release);
    }

    [Fact]
    public async Task A_named_lock_is_held_by_one_node_and_released_when_the_node_dies()
    {
        IIndexEngine one = _one.Get<IIndexEngine>(), two = _two.Get<IIndexEngine>();
        await using var other = await two.LockAsync("other", Patience);
        var held = await one.LockAsync("name", Patience);
        var waiting = two.LockAsync("name", Patience);
        await Task.Delay(500, Patience);
        Assert.False(waiting.IsCompleted);
        await held.DisposeAsync();
        await using (await waiting) Assert.True(waiting.IsCompletedSuccessfully);

        await using var again = await one.LockAsync("name", Patience);
        waiting = two.LockAsync("name", Patience);
        await _one.SqlAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND pid IN "
                + "(SELECT pid FROM pg_stat_activity WHERE datname = current_database())");
        // Both nodes lost their connection: the one that waits opens a new one on its next request.
        var fault = await Record.ExceptionAsync(() => waiting.WaitAsync(TimeSpan.FromSeconds(10), Patience));
        await using var next = fault is null ? await waiting : await two.LockAsync("name", Patience);
        await again.DisposeAsync();
    }

    [Fact]
    public async Task Rows_are_listed_by_their_bytes_and_case_matters_whatever_the_locale_of_the_database()
    {
        await using var archive = TestArchive.Prepare();
        TestDatabase.Make(archive.Root, "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' ENCODING 'UTF8' TEMPLATE template0");
        await archive.Restart();
        string[] releases = ["6.1.0-a", "6.1.0-B", "6.1.0-A", "6.1.0_a", "6.1.0+a"];
        foreach (var release in releases) Assert.IsType<Added>(await archive.AddAsync(TinyBtf.Of("int"), release));
        await using var db = archive.Get<IIndexEngine>().CreateDbContext();
        var ids = db.Kernels.OrderBy(k => k.Id).Select(k => k.Release).ToList();
        Assert.Equal(releases.Order(StringComparer.Ordinal), ids);
        Assert.Equal(["6.1.0-a", "6.1.0_a"],
            db.Kernels.Where(k => string.Compare(k.Release, "6.1.0-B") > 0).OrderBy(k => k.Release).Select(k => k.Release));
        foreach (var tag in new[] { "tag", "Tag", "t_g" }) await archive.Objects.PutAsync(Digest.Of([1]), new byte[] { 1 }, tag, Patience);
        Assert.Equal(3, (await archive.Objects.FindAsync(new ObjectRef.ByTag("Tag"), Patience))!.Tags.Count);
        Assert.Null(await archive.Objects.FindAsync(new ObjectRef.ByTag("TAG"), Patience));
    }

    public async ValueTask DisposeAsync()
    {
        if (_two is not null) await _two.DisposeAsync();
        if (_one is not null) await _one.DisposeAsync();
    }

    private async Task<TimeSpan> AddAndWaitAsync(string release)
    {
        var there = _two.Index.Count;
        await _one.AddAsync(TinyBtf.Of("int"), release);
        var watch = Stopwatch.StartNew();
        while (_two.Index.Count == there && watch.Elapsed < TimeSpan.FromSeconds(30)) await Task.Delay(5, Patience);
        return watch.Elapsed;
    }

    private async Task SameAsync(int? expected)
    {
        await _one.Get<ArchiveWatcher>().CatchUpAsync(Patience);
        await _two.Get<ArchiveWatcher>().CatchUpAsync(Patience);
        var stored =
            Convert.ToInt32(await _one.SqlAsync("SELECT count(*) FROM Kernels"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(expected ?? stored, stored);
        Assert.Equal(stored, _one.Index.Count);
        Assert.Equal(_one.Index.Matching(new()).Select(k => (k.Id, k.Btf)), _two.Index.Matching(new()).Select(k => (k.Id, k.Btf)));
        Assert.Equal(_one.Index.Version, _two.Index.Version);
    }
}
