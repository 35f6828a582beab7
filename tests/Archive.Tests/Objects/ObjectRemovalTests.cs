using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;
using static Relo.Archive.Tests.Objects.ObjectTagsTests;

namespace Relo.Archive.Tests.Objects;

public sealed class ObjectRemovalTests
{
    [Fact]
    public async Task An_object_nobody_used_for_the_retention_goes_and_a_used_one_stays()
    {
        await using var archive = await TestArchive.StartAsync(("Objects:Retention", "30.00:00:00"));
        var unused = await PutAsync(archive, 1, null);
        var used = await PutAsync(archive, 2, null);
        archive.Clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, await RemoveAsync(archive));
        Assert.NotNull(await FindAsync(archive, used.Object.Digest.Hex));
        archive.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await RemoveAsync(archive));
        Assert.Null(await FindAsync(archive, unused.Object.Digest.Hex));
        Assert.NotNull(await FindAsync(archive, used.Object.Digest.Hex));
        Assert.Equal(used.Object.Digest, Assert.Single(archive.Stored("objects")));
        var tally = archive.Get<ObjectRemoval>().Tally;
        Assert.Equal((2, 1, 1, 100), (tally.Added, tally.RemovedUnused, tally.Count, tally.Bytes));
    }

    [Fact]
    public async Task A_tagged_object_stays_however_long_nobody_uses_it()
    {
        await using var archive = await TestArchive.StartAsync();
        var tagged = await PutAsync(archive, 1, "tracer");
        archive.Clock.Advance(TimeSpan.FromDays(4000));
        Assert.Equal(0, await RemoveAsync(archive));
        Assert.NotNull(await FindAsync(archive, "tracer"));
        await PutAsync(archive, 2, "tracer"); // now the first has no tag; using its bytes again was its last use
        archive.Clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, await RemoveAsync(archive));
        archive.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await RemoveAsync(archive));
        Assert.Null(await FindAsync(archive, tagged.Object.Digest.Hex));
    }

    [Fact]
    public async Task More_than_one_transaction_takes_at_once_are_all_removed()
    {
        await using var archive = await TestArchive.StartAsync();
        for (byte i = 0; i < 60; i++) await PutAsync(archive, i, null, advance: false);
        Assert.Equal(0, await RemoveAsync(archive));
        archive.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(60, await RemoveAsync(archive));
        Assert.Empty(archive.Stored("objects"));
    }

    // A turn in which one large object displaced hundreds of small ones kept all other writers waiting for seconds.
    [Fact]
    public async Task Many_small_objects_are_displaced_some_at_a_time()
    {
        await using var roomy = await TestArchive.StartAsync();
        for (byte i = 0; i < 200; i++) await PutAsync(roomy, i, null, advance: false);
        await using var archive = TestArchive.Prepare(("Objects:Bytes", "5000"));
        await archive.Restart(roomy.Root);
        var (removal, newest) = (archive.Get<ObjectRemoval>(), Digest.Of("newest"u8));
        var room = await archive.Get<ArchiveWriter>().WriteAsync(
            db => removal.MakeRoomAsync(db, newest), _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal((50, true), (room.Removed.Count, room.IsMoreNeeded));
        await removal.FinishRoomAsync(room, newest, bytes: 6000); // what is to be stored, not all that is too much
        Assert.Equal((100, 100, 10_000), (Tally(archive).RemovedForRoom, Tally(archive).Count, Tally(archive).Bytes));
        await removal.FinishRoomAsync(ObjectRoom.Enough with { IsMoreNeeded = true }, newest, bytes: 6000);
        Assert.Equal((150, 50, 5000), (Tally(archive).RemovedForRoom, Tally(archive).Count, Tally(archive).Bytes));
        Assert.Equal(50, archive.Stored("objects").Count);
    }

    [Fact]
    public async Task An_object_that_is_stored_stays_if_a_later_turn_finds_nothing_to_remove()
    {
        await using var roomy = await TestArchive.StartAsync();
        for (byte i = 0; i < 3; i++) await PutAsync(roomy, i, $"t{i}", advance: false);
        for (byte i = 3; i < 63; i++) await PutAsync(roomy, i, null, advance: false);
        await using var archive = TestArchive.Prepare(("Objects:Count", "2"));
        await archive.Restart(roomy.Root);
        var large = new byte[20_000];
        var stored = await archive.Objects.PutAsync(Digest.Of(large), large, TestContext.Current.CancellationToken);
        Assert.NotNull(await FindAsync(archive, stored.Object.Digest.Hex));
        await Assert.ThrowsAsync<ObjectsFullException>(() => PutAsync(archive, 100, null));
    }

    [Fact]
    public async Task A_large_object_displaces_many_small_ones()
    {
        await using var archive = await TestArchive.StartAsync(("Objects:Bytes", "25000"));
        for (byte i = 0; i < 200; i++) await PutAsync(archive, i, null, advance: false);
        var large = new byte[20_000];
        await archive.Objects.PutAsync(Digest.Of(large), large, TestContext.Current.CancellationToken);
        Assert.Equal((150, 51, 25_000), (Tally(archive).RemovedForRoom, Tally(archive).Count, Tally(archive).Bytes));
        Assert.Equal(51, archive.Stored("objects").Count);
        Assert.Contains(Digest.Of(large), archive.Stored("objects"));
    }

    [Fact]
    public async Task Tagged_objects_are_never_removed_to_make_room()
    {
        await using var archive = await TestArchive.StartAsync(("Objects:Bytes", "250"));
        await PutAsync(archive, 1, "oldest");
        var untagged = await PutAsync(archive, 2, null);
        await PutAsync(archive, 3, null);
        Assert.NotNull(await FindAsync(archive, "oldest"));
        Assert.Null(await FindAsync(archive, untagged.Object.Digest.Hex));
        Assert.Equal((1, 2, 200), (Tally(archive).RemovedForRoom, Tally(archive).Count, Tally(archive).Bytes));
    }

    [Fact]
    public async Task Where_only_tagged_objects_are_left_the_bound_is_passed()
    {
        await using var archive = await TestArchive.StartAsync(("Objects:Bytes", "150"));
        for (byte i = 1; i <= 3; i++) await PutAsync(archive, i, $"t{i}");
        Assert.Equal(300, Tally(archive).Bytes);
        for (byte i = 1; i <= 3; i++) Assert.NotNull(await FindAsync(archive, $"t{i}"));
    }

    [Fact]
    public async Task A_thousand_uses_at_once_write_once()
    {
        await using var archive = await TestArchive.StartAsync();
        await PutAsync(archive, 1, "tracer", advance: false);
        archive.Clock.Advance(TimeSpan.FromHours(1));
        await archive.SqlAsync(TestDatabase.IsPostgres
            ? """
              CREATE TABLE Writes (N integer);
              CREATE FUNCTION written() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO Writes VALUES (1); RETURN NULL; END $$;
              CREATE TRIGGER Written AFTER UPDATE ON Objects FOR EACH ROW EXECUTE FUNCTION written()
              """
            : "CREATE TABLE Writes (N); CREATE TRIGGER Written AFTER UPDATE ON Objects BEGIN INSERT INTO Writes VALUES (1); END");
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => FindAsync(archive, "tracer"))));
        Assert.Equal(1L, await archive.SqlAsync("SELECT count(*) FROM Writes"));
        Assert.Equal(archive.Clock.GetUtcNow(), (await FindAsync(archive, "tracer"))?.LastUsedAt);
    }

    private static Task<int> RemoveAsync(TestArchive archive) =>
        archive.Get<ObjectRemoval>().RemoveUnusedAsync(TestContext.Current.CancellationToken);

    private static ObjectTally Tally(TestArchive archive) => archive.Get<ObjectRemoval>().Tally;
}
