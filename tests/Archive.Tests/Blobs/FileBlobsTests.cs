using Relo.Archive.Blobs;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Blobs;

public sealed class FileBlobsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-blobs-").FullName;
    private readonly FileBlobs _blobs;

    public FileBlobsTests()
    {
        _blobs = new(_root, "btf");
        _blobs.PrepareAsync(Stop).GetAwaiter().GetResult();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Stored => Path.Combine(_root, "blobs", "btf");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_blob_is_a_plain_file_named_for_its_digest()
    {
        var digest = Digest.Of("hello"u8);
        await PutAsync(digest);
        Assert.Equal("hello", File.ReadAllText(Path.Combine(Stored, digest.Hex[..2], digest.Hex)));
        Assert.Equal([new(digest, 5)], await _blobs.ListAsync(BlobPlace.Stored, Stop).ToListAsync(Stop));
        Assert.Empty(Directory.GetFiles(Path.Combine(Stored, ".tmp")));
    }

    [Fact]
    public async Task A_blob_that_is_sound_is_not_written_again()
    {
        var digest = Digest.Of("hello"u8);
        await PutAsync(digest);
        File.SetLastWriteTimeUtc(_blobs.NameOf(digest), DateTime.UnixEpoch);
        await PutAsync(digest);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(_blobs.NameOf(digest)));
    }

    [Theory]
    [InlineData("hellO")]
    [InlineData("hel")]
    public async Task A_blob_that_the_disk_damaged_is_replaced(string damaged)
    {
        var digest = Digest.Of("hello"u8);
        await PutAsync(digest);
        File.WriteAllText(_blobs.NameOf(digest), damaged);
        await PutAsync(digest);
        Assert.Equal("hello", File.ReadAllText(_blobs.NameOf(digest)));
    }

    [Fact]
    public void One_blob_may_be_put_read_and_deleted_by_many_at_once()
    {
        var digest = Digest.Of("hello"u8);
        Parallel.For(0, 2000, i =>
        {
            if (i % 10 == 0) _blobs.DeleteAsync(digest, Stop).GetAwaiter().GetResult();
            else if (i % 2 == 0) PutAsync(digest).GetAwaiter().GetResult();
            else
            {
                using var blob = (IDisposable?)_blobs.Open(digest);
            }
        });
        Assert.Empty(Directory.GetFiles(Path.Combine(Stored, ".tmp")));
    }

    [Fact]
    public void Sweeping_spares_what_a_living_writer_has_open()
    {
        var temp = Path.Combine(Stored, ".tmp");
        File.WriteAllText(Path.Combine(temp, "left"), "x");
        using var living = new FileStream(Path.Combine(temp, "living"), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        Assert.Equal(1, _blobs.Sweep());
        Assert.Equal("living", Path.GetFileName(Assert.Single(Directory.GetFiles(temp))));
    }

    [Fact]
    public async Task A_failed_write_leaves_no_temporary_file()
    {
        var digest = Digest.Of("hello"u8);
        Directory.CreateDirectory(_blobs.NameOf(digest)); // a folder where the file should go
        await Assert.ThrowsAnyAsync<IOException>(() => PutAsync(digest));
        Assert.Empty(Directory.GetFiles(Path.Combine(Stored, ".tmp")));
    }

    private Task PutAsync(Digest digest) => _blobs.PutAsync(digest, "hello"u8.ToArray(), Stop);
}
