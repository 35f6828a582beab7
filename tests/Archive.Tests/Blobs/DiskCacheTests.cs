using Relo.Archive.Blobs;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Blobs;

public sealed class DiskCacheTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-cache-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Beyond_the_limit_the_least_recently_used_files_go_until_there_is_air()
    {
        for (var i = 0; i < 12; i++) Write($"{i}", 10, usedMinutesAgo: 100 - i);
        DiskCache.Used(Path.Combine(_root, "0")); // the oldest, just used
        var cache = new DiskCache(_root, 100);
        Assert.Equal(30, cache.Trim());
        Assert.Equal(["0", "10", "11", "4", "5", "6", "7", "8", "9"], Names());
        Assert.Equal((90, 3), (cache.Bytes, cache.Evicted));
        Assert.Equal(0, cache.Trim());
    }

    [Fact]
    public void Room_is_made_below_the_limit_too_when_the_disk_is_full()
    {
        for (var i = 0; i < 5; i++) Write($"{i}", 10, usedMinutesAgo: 10 - i);
        Assert.Equal(20, new DiskCache(_root, 1000).Trim(needBytes: 15));
        Assert.Equal(["2", "3", "4"], Names());
    }

    [Fact]
    public void What_is_mapped_stays()
    {
        Write("mapped", 10, usedMinutesAgo: 10);
        Write("other", 10, usedMinutesAgo: 1);
        using (IDisposable? blob = MappedBlob.Map(Path.Combine(_root, "mapped"), Digest.Of("x"u8)))
        {
            Assert.Equal(10, new DiskCache(_root, 0).Trim());
            Assert.Equal(["mapped"], Names());
        }

        Assert.Equal(10, new DiskCache(_root, 0).Trim());
        Assert.Empty(Names());
    }

    [Fact]
    public void Files_that_are_being_written_are_neither_counted_nor_deleted()
    {
        Directory.CreateDirectory(Path.Combine(_root, "btf", ".tmp"));
        Write("btf/.tmp/half", 10, usedMinutesAgo: 10);
        var cache = new DiskCache(_root, 0);
        Assert.Equal((0, 0), (cache.Trim(), cache.Bytes));
        Assert.Single(Names());
    }

    [Fact]
    public void Recording_a_use_leaves_the_time_of_the_last_write()
    {
        Write("a", 10, usedMinutesAgo: 10);
        var path = Path.Combine(_root, "a");
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1234567));
        var written = File.GetLastWriteTimeUtc(path);
        DiskCache.Used(path);
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
        Assert.InRange(DateTime.UtcNow - File.GetLastAccessTimeUtc(path), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Additions_beyond_the_limit_are_trimmed_in_the_background()
    {
        var cache = new DiskCache(_root, 100);
        for (var i = 0; i < 30; i++)
        {
            Write($"{i}", 10, usedMinutesAgo: 100 - i);
            cache.Added(10);
        }

        await cache.StartAsync();
        await cache.StartAsync(); // one may have begun before the last addition
        Assert.InRange(cache.Bytes, 80, 100);
        Assert.Contains("29", Names());
    }

    [Fact]
    public async Task An_archive_keeps_no_more_indexes_than_fit_and_makes_a_deleted_one_again()
    {
        await using var archive = await TestArchive.StartAsync(("Cache:DiskBytes", "1"), ("Cache:Bytes", "0"));
        var btf = TinyBtf.Of("int", "long");
        await archive.AddAsync(btf);
        var cache = archive.Get<ArchiveFolders>().Cache;
        for (var round = 0; round < 3; round++)
        {
            using (var opened = archive.Cache.Open(Digest.Of(btf)))
                Assert.Equal("long", opened!.Types.NameText(opened.Types[2].NameOffset));
            await cache.StartAsync();
            cache.Trim();
            Assert.Equal(0, cache.Bytes);
        }
    }

    private string[] Names() =>
        [.. Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Select(Path.GetFileName).OfType<string>()
            .Order(StringComparer.Ordinal)];

    private void Write(string name, int length, int usedMinutesAgo)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllBytes(path, new byte[length]);
        File.SetLastAccessTimeUtc(path, DateTime.UtcNow.AddMinutes(-usedMinutesAgo));
    }
}
