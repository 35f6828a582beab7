using Relo.Archive.Blobs;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Blobs;

public sealed class LocalCopiesTests : IDisposable
{
    private static readonly byte[] Bytes = [1, 2, 3, 4];
    private static readonly Digest Name = Digest.Of(Bytes);

    private readonly string _root = Directory.CreateTempSubdirectory("relo-copies-").FullName;
    private readonly LocalCopies _copies;

    public LocalCopiesTests() => _copies = new(new DiskCache(_root, long.MaxValue), "btf");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_copy_is_mapped_before_it_has_its_name_and_stays_as_it_was()
    {
        _copies.Write(Name, Bytes);
        Assert.True(_copies.Has(Name));
        using (var blob = Mapped())
        {
            await WhenNamedAsync();
            Assert.True(IsNamed(Name));
            Assert.True(_copies.IsAsMapped(Name, blob.Blob));
            using var named = Mapped();
            Assert.Equal(blob.Blob.WrittenAt, named.Blob.WrittenAt); // so an index made before fits afterwards
        }

        // Its writer closes it a moment later.
        for (var i = 0; new DiskCache(_root, 0).Trim() < Bytes.Length; i++)
        {
            Assert.True(i < 1_000, "still in use");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_process_that_is_starting_leaves_what_has_no_name_yet()
    {
        var all = Enumerable.Range(0, 50).Select(BitConverter.GetBytes).ToArray();
        foreach (var bytes in all)
        {
            _copies.Write(Digest.Of(bytes), bytes);
            Assert.Equal(0, new LocalCopies(new DiskCache(_root, long.MaxValue), "btf").Sweep());
        }

        await WhenNamedAsync();
        Assert.All(all, bytes => Assert.True(IsNamed(Digest.Of(bytes))));
    }

    [Fact]
    public void A_copy_that_the_disk_refuses_is_none()
    {
        Directory.CreateDirectory(Path.Combine(_root, "btf", Name.Hex[..2], Name.Hex)); // a folder cannot be read
        Assert.Null(_copies.Map(Name));
    }

    [Fact]
    public async Task What_is_written_faster_than_the_disk_takes_it_is_named_too()
    {
        var all = Enumerable.Range(0, 100).Select(BitConverter.GetBytes).ToArray();
        await Parallel.ForEachAsync(all, TestContext.Current.CancellationToken, (bytes, _) =>
        {
            _copies.Write(Digest.Of(bytes), bytes);
            using IDisposable? blob = _copies.Map(Digest.Of(bytes));
            Assert.NotNull(blob);
            return ValueTask.CompletedTask;
        });
        await WhenNamedAsync();
        Assert.All(all, bytes => Assert.True(IsNamed(Digest.Of(bytes))));
    }

    [Fact]
    public async Task A_copy_that_two_callers_write_is_kept_once()
    {
        Parallel.For(0, 20, _ => _copies.Write(Name, Bytes));
        await WhenNamedAsync();
        Assert.True(IsNamed(Name));
        Assert.Single(Directory.GetFiles(_root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_copy_that_is_deleted_before_it_has_its_name_never_gets_one()
    {
        for (var i = 0; i < 20; i++)
        {
            _copies.Write(Name, Bytes);
            _copies.Delete(Name);
            Assert.False(_copies.Has(Name));
            Assert.Null(_copies.Map(Name));
        }

        await WhenNamedAsync();
        Assert.Empty(Directory.GetFiles(_root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Where_the_disk_refuses_the_name_what_is_mapped_is_not_used_any_more()
    {
        Directory.CreateDirectory(Path.Combine(_root, "btf", Name.Hex[..2], Name.Hex)); // a folder where the copy belongs
        _copies.Write(Name, Bytes);
        if (_copies.Map(Name) is { } early)
        {
            using IDisposable _ = early;
            await WhenNamedAsync();
            Assert.False(_copies.IsAsMapped(Name, early));
        }

        await WhenNamedAsync();
        Assert.False(_copies.Has(Name));
        Assert.Null(_copies.Map(Name));
    }

    private Mapping Mapped()
    {
        var blob = _copies.Map(Name);
        Assert.NotNull(blob);
        Assert.Equal(Bytes, blob.Memory.ToArray());
        return new(blob);
    }

    private bool IsNamed(Digest digest) => File.Exists(Path.Combine(_root, "btf", digest.Hex[..2], digest.Hex));

    private async Task WhenNamedAsync()
    {
        for (var i = 0; Directory.EnumerateFiles(Path.Combine(_root, "btf", ".tmp")).Any(); i++)
        {
            Assert.True(i < 1_000, "still not named");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private sealed record Mapping(MappedBlob Blob) : IDisposable
    {
        public void Dispose() => ((IDisposable)Blob).Dispose();
    }
}
