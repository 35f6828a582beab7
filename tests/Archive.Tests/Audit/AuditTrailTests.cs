using Microsoft.EntityFrameworkCore;
using Relo.Archive.Audit;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Audit;

public sealed class AuditTrailTests : IAsyncLifetime
{
    private const string Kernel = "custom/local/x86_64/6.1.0-1-amd64";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long"), Other = TinyBtf.Of("char");
    private static readonly byte[] Module = TinyBtf.SplitOn(["int", "long"], "own");
    private static readonly byte[] One = "one"u8.ToArray(), Two = "two"u8.ToArray();

    private TestArchive _archive = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _archive = await TestArchive.StartAsync(("Objects:Count", "2"));

    public ValueTask DisposeAsync() => _archive.DisposeAsync();

    [Fact]
    public async Task Every_change_has_its_entry()
    {
        Actor.Is("key alice");
        await _archive.AddAsync(Btf);
        await _archive.Store.AddAsync(Module, new(null, null, "x86_64", "6.1.0-1-amd64", "nf_x"), "upload", replace: false, Stop);
        await _archive.AddAsync(Other, replace: true);
        await _archive.Store.DeleteAsync(Kernel, Stop);
        await PutAsync(One, "tracer");
        await PutAsync(Two, "tracer");
        await _archive.Objects.DeleteAsync(new ObjectRef.ByTag("tracer"), Stop);
        Assert.Equal(
            [
                $"kernel-added {Kernel} {Short(Btf)} upload", $"module-added {Kernel}/nf_x {Short(Module)}",
                $"kernel-replaced {Kernel} {Short(Other)} upload", $"kernel-deleted {Kernel} {Short(Other)}",
                $"object-added {Short(One)} {Short(One)}", $"tag-added tracer {Short(One)}",
                $"tag-deleted tracer {Short(One)}", $"object-added {Short(Two)} {Short(Two)}", $"tag-added tracer {Short(Two)}",
                $"object-deleted {Short(Two)} {Short(Two)}", $"tag-deleted tracer {Short(Two)}",
            ],
            await EntriesAsync());
        Assert.All((await ListAsync()).Items, entry => Assert.Equal("key alice", entry.By));
    }

    [Fact]
    public async Task What_changes_nothing_or_fails_has_no_entry()
    {
        await _archive.AddAsync(Btf);
        await PutAsync(One, "a");
        await PutAsync(Two, "b");
        var before = await EntriesAsync();
        await _archive.AddAsync(Btf);
        await _archive.AddAsync(Other); // a conflict
        await PutAsync(One, "a");
        await Assert.ThrowsAsync<ObjectsFullException>(() => PutAsync("three"u8.ToArray(), "c"));
        await _archive.Store.DeleteAsync("no/such/kernel/1", Stop);
        await _archive.Objects.FindAsync(new ObjectRef.ByTag("a"), Stop);
        Assert.Equal(before, await EntriesAsync());
    }

    [Fact]
    public async Task What_is_deleted_by_retention_prune_or_for_room_has_entries_too()
    {
        await PutAsync(One, null);
        _archive.Clock.Advance(TimeSpan.FromDays(31));
        await Task.Run(() => _archive.Get<ObjectRemoval>().RemoveUnusedAsync(Stop), Stop);
        await PutAsync(Two, null);
        await PutAsync(One, null);
        await PutAsync("three"u8.ToArray(), null); // removes the second
        Actor.Is("command prune, user x");
        await _archive.Get<ArchivePruner>().PruneAsync(new(DryRun: false, Upstream: false, Objects: true), Stop);
        var deleted = (await ListAsync()).Items.Where(e => e.Action == "object-deleted").ToList();
        Assert.Equal(
            [(Digest.Of(One).ToString(), Actor.Service), (Digest.Of(Two).ToString(), Actor.Service)],
            deleted.Take(2).Select(e => (e.Subject, e.By)));
        Assert.Equal(4, deleted.Count);
        Assert.All(deleted.Skip(2), e => Assert.Equal("command prune, user x", e.By));
        Assert.Empty(await FaultsAsync());
    }

    [Fact]
    public async Task Each_entry_carries_the_hash_of_the_one_before_and_pages_follow_each_other()
    {
        await PutAsync(One, "a");
        await PutAsync(Two, "b");
        var log = _archive.Get<AuditLog>();
        var (first, second) = (await log.ListAsync(3, 0, Stop), await log.ListAsync(3, 3, Stop));
        Assert.Equal(("3", null), (first.Next, second.Next));
        AuditEntry[] all = [.. first.Items, .. second.Items];
        Assert.Equal([1, 2, 3, 4], all.Select(e => e.Number));
        Assert.Equal(all.Select(e => e.Hash).Prepend("sha256:" + new string('0', 64)).SkipLast(1), all.Select(e => e.Previous));
        var report = await _archive.Get<ArchiveVerifier>().VerifyAsync(Stop);
        Assert.Equal((4, $"4 {all[3].Hash}"), (report.AuditEntries, report.AuditHead));
    }

    [Theory]
    [InlineData("UPDATE AuditEntries SET Subject = 'b' WHERE Number = 2", "entry 2 (tag-added b) was changed")]
    [InlineData("UPDATE AuditEntries SET At = At + 10000 WHERE Number = 3", "entry 3 (object-added sha256:3fc4ccfe")]
    [InlineData("DELETE FROM AuditEntries WHERE Number = 2", "follows entry 1: those in between are missing")]
    [InlineData("DELETE FROM AuditEntries WHERE Number = 1", "its first entry is 2, and none says that those before were deleted")]
    [InlineData("UPDATE AuditEntries SET Number = 0 WHERE Number = 1", "entry 0 (object-added sha256:7692c3ad")]
    public async Task The_first_entry_that_breaks_the_chain_is_named(string change, string fault)
    {
        await PutAsync(One, "a");
        await PutAsync(Two, "c");
        await WithoutTriggersAsync(change);
        Assert.Contains(fault, Assert.Single(await FaultsAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_entry_with_a_hash_of_its_own_does_not_fit_the_next()
    {
        await PutAsync(One, "a");
        await PutAsync(Two, "c");
        await using var db = await _archive.Get<IIndexEngine>().CreateDbContextAsync(Stop);
        var first = await db.AuditEntries.AsNoTracking().SingleAsync(e => e.Number == 1, Stop);
        var forged = AuditRow.After(first, new("tag-added", "other", first.Digest), DateTimeOffset.UnixEpoch);
        await WithoutTriggersAsync(
            $"UPDATE AuditEntries SET Subject = '{forged.Subject}', At = {forged.At}, Hash = '{forged.Hash}' WHERE Number = 2");
        Assert.Contains("entry 3 (object-added", Assert.Single(await FaultsAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE AuditEntries SET Subject = 'b'", "an entry of the audit trail never changes")]
    [InlineData("DELETE FROM AuditEntries WHERE Number = 1", "the newest 10000 entries of the audit trail are never deleted")]
    public async Task The_database_refuses_to_change_or_delete_an_entry(string change, string reason)
    {
        await PutAsync(One, "a");
        var refused = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => _archive.SqlAsync(change));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Concurrent_writers_of_two_processes_write_one_chain()
    {
        await using var other = TestArchive.Prepare(("Objects:Count", "100"));
        await using var third = TestArchive.Prepare(("Objects:Count", "100"));
        await other.Restart(_archive.Root);
        await third.Restart(_archive.Root);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () =>
            {
                Actor.Is($"key {i}");
                byte[] bytes = [(byte)i];
                return (i % 2 == 0 ? other : third).Objects.PutAsync(Digest.Of(bytes), bytes, $"tag{i}", Stop);
            },
            Stop)));
        var entries = (await ListAsync()).Items;
        Assert.Equal(40, entries.Count);
        foreach (var tag in entries.Where(e => e.Action == "tag-added")) Assert.Equal($"key {tag.Subject[3..]}", tag.By);
        Assert.Empty(await FaultsAsync());
    }

    [Fact]
    public async Task A_full_trail_is_shortened_and_says_so()
    {
        await using var small = await TestArchive.StartAsync(("Archive:AuditEntries", "10000"));
        await FillAsync(small, 10_999);
        Assert.Equal(0, await small.Get<AuditLog>().ShortenAsync(Stop));
        await FillAsync(small, 1);
        Assert.Equal(1_000, await small.Get<AuditLog>().ShortenAsync(Stop));
        var first = (await small.Get<AuditLog>().ListAsync(1, 0, Stop)).Items[0];
        var last = Assert.Single((await small.Get<AuditLog>().ListAsync(10, 11_000, Stop)).Items);
        Assert.Equal((1_001, "trail-shortened", "1-1000", first.Previous), (first.Number, last.Action, last.Subject, last.Digest));
        Assert.Empty((await small.Get<ArchiveVerifier>().VerifyAsync(Stop)).Faults);
    }

    [Fact]
    public async Task A_control_character_never_breaks_the_lines_that_are_hashed()
    {
        Actor.Is("key a\nb");
        await PutAsync(One, null);
        Assert.Equal("key a?b", (await ListAsync()).Items[0].By);
    }

    private static Task<int> FillAsync(TestArchive archive, int entries) => archive.Get<ArchiveWriter>().WriteAsync(
        async db =>
        {
            await AuditTrail.AddAsync(
                db, [.. Enumerable.Range(0, entries).Select(i => new AuditRow.Change(AuditAction.TagAdded, $"tag{i}", null))], Stop);
            return entries;
        },
        _ => { },
        Stop);

    private Task<PutObject> PutAsync(byte[] bytes, string? tag) => _archive.Objects.PutAsync(Digest.Of(bytes), bytes, tag, Stop);

    private Task<AuditPage> ListAsync() => _archive.Get<AuditLog>().ListAsync(1000, 0, Stop);

    private async Task<List<string>> EntriesAsync() => [.. (await ListAsync()).Items.Select(entry =>
    {
        var subject = Digest.TryParse(entry.Subject, out var digest) ? digest.Hex[..8] : entry.Subject;
        return $"{entry.Action} {subject} {entry.Digest?["sha256:".Length..][..8]} {entry.Source}".TrimEnd();
    })];

    private async Task<IReadOnlyList<string>> FaultsAsync() => (await _archive.Get<ArchiveVerifier>().VerifyAsync(Stop)).Faults;

    private static string Short(byte[] bytes) => Digest.Of(bytes).Hex[..8];

    private async Task WithoutTriggersAsync(string sql)
    {
        if (TestDatabase.IsPostgres)
        {
            await _archive.SqlAsync("ALTER TABLE auditentries DISABLE TRIGGER ALL");
        }
        else
        {
            await _archive.SqlAsync("DROP TRIGGER AuditEntryKept");
            await _archive.SqlAsync("DROP TRIGGER AuditEntryUnchanged");
        }

        await _archive.SqlAsync(sql);
    }
}
