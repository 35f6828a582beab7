using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Objects;

public sealed class ObjectStoreTests
{
    [Fact]
    public async Task A_kept_object_comes_back_after_a_restart()
    {
        await using var archive = await TestArchive.StartAsync();
        var digest = await PutAsync(archive, 1, 100);
        await archive.Restart();
        Assert.Equal(digest, Digest.Of((await GetAsync(archive, digest))!.Value.Span));
        Assert.Null(await GetAsync(archive, Digest.Of("other"u8)));
    }

    [Fact]
    public async Task The_least_recently_used_objects_make_room()
    {
        await using var archive = await TestArchive.StartAsync(("Objects:Bytes", "250"));
        Digest a = await PutAsync(archive, 1, 100), b = await PutAsync(archive, 2, 100);
        Assert.NotNull(await GetAsync(archive, a)); // used after b
        archive.Clock.Advance(TimeSpan.FromMinutes(2));
        var c = await PutAsync(archive, 3, 100);
        Assert.NotNull(await GetAsync(archive, a));
        Assert.Null(await GetAsync(archive, b));
        Assert.NotNull(await GetAsync(archive, c));
        Assert.Equal(2, archive.Stored("objects").Count);
    }

    [Fact]
    public async Task Putting_an_object_again_counts_as_use()
    {
        await using var archive = await TestArchive.StartAsync(("Objects:Bytes", "250"));
        Digest a = await PutAsync(archive, 1, 100), b = await PutAsync(archive, 2, 100);
        await PutAsync(archive, 1, 100);
        await PutAsync(archive, 3, 100);
        Assert.NotNull(await GetAsync(archive, a));
        Assert.Null(await GetAsync(archive, b));
    }

    [Fact]
    public async Task An_object_beyond_the_bound_is_kept_until_the_next_one_comes()
    {
        await using var archive = await TestArchive.StartAsync(("Objects:Bytes", "50"));
        var a = await PutAsync(archive, 1, 100);
        Assert.NotNull(await GetAsync(archive, a));
        await PutAsync(archive, 2, 100);
        Assert.Null(await GetAsync(archive, a));
    }

    [Fact]
    public async Task One_object_put_many_times_at_once_is_kept_once()
    {
        await using var archive = await TestArchive.StartAsync();
        var digests = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => PutAsync(archive, 1, 100))));
        Assert.Single(archive.Stored("objects"));
        Assert.NotNull(await GetAsync(archive, digests[0]));
    }

    [Fact]
    public async Task A_wrong_digest_is_the_callers_mistake()
    {
        await using var archive = await TestArchive.StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(
            () => archive.Objects.PutAsync(Digest.Of("a"u8), "b"u8.ToArray(), TestContext.Current.CancellationToken));
        Assert.Empty(archive.Stored("objects"));
    }

    [Fact]
    public async Task A_damaged_object_is_a_clear_error()
    {
        await using var archive = await TestArchive.StartAsync();
        var digest = await PutAsync(archive, 1, 100);
        File.WriteAllText(archive.Files("objects").Single(), "something else");
        for (var i = 0; i < 2; i++)
            Assert.Equal(digest, (await Assert.ThrowsAsync<BlobLostException>(() => GetAsync(archive, digest))).Digest);
        Assert.Empty(archive.Stored("objects"));
        Assert.Equal("something else", File.ReadAllText(Path.Combine(archive.Root, "quarantine", "objects", digest.Hex)));
        Assert.Equal(digest, await PutAsync(archive, 1, 100));
        Assert.Equal(100, (await GetAsync(archive, digest))!.Value.Length);
    }

    [Fact]
    public async Task A_file_whose_row_was_never_written_goes_at_the_next_start()
    {
        await using var archive = await TestArchive.StartAsync();
        var kept = await PutAsync(archive, 1, 100);
        await archive.Get<ArchiveBlobs>().Objects.PutAsync(
            Digest.Of("orphan"u8), "orphan"u8.ToArray(), TestContext.Current.CancellationToken);
        await archive.Restart();
        Assert.Equal(kept, Assert.Single(archive.Stored("objects")));
    }

    private static async Task<Digest> PutAsync(TestArchive archive, byte fill, int length)
    {
        var bytes = Enumerable.Repeat(fill, length).ToArray();
        var digest = Digest.Of(bytes);
        await archive.Objects.PutAsync(digest, bytes, TestContext.Current.CancellationToken);
        archive.Clock.Advance(TimeSpan.FromMinutes(2));
        return digest;
    }

    private static Task<ReadOnlyMemory<byte>?> GetAsync(TestArchive archive, Digest digest) =>
        archive.Objects.GetAsync(digest, TestContext.Current.CancellationToken);
}
