using Relo.Archive.Blobs;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Blobs;

public sealed class BlobFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-blobs-").FullName;
    private readonly BlobFolder _blobs;

    public BlobFolderTests()
    {
        _blobs = new(_root);
        _blobs.Create();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_blob_is_a_plain_file_named_for_its_digest()
    {
        var digest = Digest.Of("hello"u8);
        _blobs.Put(digest, "hello"u8);
        Assert.Equal("hello", File.ReadAllText(Path.Combine(_root, digest.Hex[..2], digest.Hex)));
        Assert.Equal([digest], _blobs.All());
        Assert.Empty(Directory.GetFiles(Path.Combine(_root, ".tmp")));
    }

    [Fact]
    public void A_blob_that_is_sound_is_not_written_again()
    {
        var digest = Digest.Of("hello"u8);
        _blobs.Put(digest, "hello"u8);
        File.SetLastWriteTimeUtc(_blobs.PathOf(digest), DateTime.UnixEpoch);
        _blobs.Put(digest, "hello"u8);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(_blobs.PathOf(digest)));
    }

    [Theory]
    [InlineData("hellO")]
    [InlineData("hel")]
    public void A_blob_that_the_disk_damaged_is_replaced(string damaged)
    {
        var digest = Digest.Of("hello"u8);
        _blobs.Put(digest, "hello"u8);
        File.WriteAllText(_blobs.PathOf(digest), damaged);
        _blobs.Put(digest, "hello"u8);
        Assert.Equal("hello", File.ReadAllText(_blobs.PathOf(digest)));
    }

    [Fact]
    public void One_blob_may_be_put_read_and_deleted_by_many_at_once()
    {
        var digest = Digest.Of("hello"u8);
        Parallel.For(0, 2000, i =>
        {
            if (i % 10 == 0) _blobs.Delete(digest);
            else if (i % 2 == 0) _blobs.Put(digest, "hello"u8);
            else
            {
                using var blob = (IDisposable?)MappedBlob.Open(_blobs.PathOf(digest), digest);
            }
        });
        Assert.Empty(Directory.GetFiles(Path.Combine(_root, ".tmp")));
    }

    [Fact]
    public void Sweeping_spares_what_a_living_writer_has_open()
    {
        var temp = Path.Combine(_root, ".tmp");
        File.WriteAllText(Path.Combine(temp, "left"), "x");
        using var living = new FileStream(Path.Combine(temp, "living"), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        Assert.Equal(1, _blobs.SweepTemporary());
        Assert.Equal("living", Path.GetFileName(Assert.Single(Directory.GetFiles(temp))));
    }

    [Fact]
    public void A_failed_write_leaves_no_temporary_file()
    {
        var digest = Digest.Of("hello"u8);
        Directory.CreateDirectory(_blobs.PathOf(digest)); // a folder where the file should go
        Assert.ThrowsAny<IOException>(() => _blobs.Put(digest, "hello"u8));
        Assert.Empty(Directory.GetFiles(Path.Combine(_root, ".tmp")));
    }
}
