using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Opened;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Opened;

public sealed class BtfOpenerTests : IAsyncLifetime
{
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private static readonly IndexName Name = new(Digest.Of(Btf), null);
    private readonly Lines _log = new();
    private TestArchive _archive = null!;
    private BtfOpener _opener = null!;

    private IndexFolder Indexes => _archive.Get<ArchiveFolders>().Indexes;

    public async ValueTask InitializeAsync()
    {
        _archive = await TestArchive.StartAsync();
        await _archive.AddAsync(Btf);
        _opener = new(_archive.Get<ArchiveBlobs>().Btf, _archive.Get<ArchiveFolders>().Indexes, _log);
    }

    [Fact]
    public void The_first_opening_leaves_an_index()
    {
        Assert.Empty(Indexes.All());
        Assert.Equal("long", Open());
        Assert.Equal(Name, Assert.Single(Indexes.All()));
        Assert.Empty(_log);
    }

    [Fact]
    public void With_an_index_the_BTF_is_not_read()
    {
        Open();
        var path = _archive.BtfPath(Name.Btf);
        var writtenAt = File.GetLastWriteTimeUtc(path);
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan().Replace((byte)'l', (byte)'w');
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, writtenAt);
        Assert.Equal("wong", Open()); // as a disk would rot; verify finds it
        File.SetLastWriteTimeUtc(path, writtenAt.AddSeconds(1));
        Assert.Throws<CorruptBlobException>(Open);
    }

    [Fact]
    public void A_file_that_was_only_touched_is_read_once_more()
    {
        Open();
        var before = File.ReadAllBytes(Indexes.PathOf(Name));
        File.SetLastWriteTimeUtc(_archive.BtfPath(Name.Btf), new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal("long", Open());
        var after = File.ReadAllBytes(Indexes.PathOf(Name));
        Assert.NotEqual(before, after);
        Assert.Equal("long", Open());
        Assert.Equal(after, File.ReadAllBytes(Indexes.PathOf(Name)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(-1)]
    public void A_torn_index_is_made_again(int length)
    {
        Open();
        var whole = File.ReadAllBytes(Indexes.PathOf(Name));
        File.WriteAllBytes(Indexes.PathOf(Name), length < 0 ? whole[..^1] : whole[..length]);
        Assert.Equal("long", Open());
        Assert.Equal(whole, File.ReadAllBytes(Indexes.PathOf(Name)));
    }

    [Fact]
    public void A_damaged_index_is_made_again_wherever_the_damage_is()
    {
        Open();
        var whole = File.ReadAllBytes(Indexes.PathOf(Name));
        for (var at = 0; at < whole.Length; at += 3)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x10;
            File.WriteAllBytes(Indexes.PathOf(Name), damaged);
            Assert.Equal("long", Open());
            Assert.Equal(whole, File.ReadAllBytes(Indexes.PathOf(Name)));
        }
    }

    [Fact]
    public async Task Where_no_index_can_be_kept_kernels_are_opened_from_memory_and_that_is_said_once()
    {
        var other = TinyBtf.Of("char");
        await _archive.AddAsync(other, "6.1.0-2-amd64");
        await File.WriteAllTextAsync(Indexes.Root, "no folder", TestContext.Current.CancellationToken);
        Assert.Equal("long", Open());
        using (var opened = _opener.Open(Digest.Of(other))!)
        {
            Assert.Null(opened.Index);
            Assert.True(opened.SizeBytes > opened.Blob.Memory.Length);
        }

        Assert.Contains(Indexes.Root, Assert.Single(_log), StringComparison.Ordinal);
        File.Delete(Indexes.Root);
    }

    [Fact]
    public async Task A_large_module_has_an_index_for_each_kernel_it_stands_on()
    {
        var module = TinyBtf.SplitOn(["int", "long"], ["own", .. Enumerable.Range(0, 3000).Select(i => $"type{i:d5}")]);
        await _archive.Get<ArchiveBlobs>().Btf.PutAsync(Digest.Of(module), module, TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++)
        {
            using var kernel = _opener.Open(Name.Btf)!;
            using var opened = _opener.Open(Digest.Of(module), kernel)!;
            Assert.NotNull(opened.Index);
            Assert.Same(kernel.Types, opened.Types.Base);
            Assert.Equal("own", opened.Types.NameText(opened.Types[3].NameOffset));
        }

        Assert.Equal([Name, new(Digest.Of(module), Name.Btf)], Indexes.All().OrderBy(name => name.Base is not null));
    }

    [Fact]
    public async Task A_small_module_has_its_index_in_memory()
    {
        var module = TinyBtf.SplitOn(["int", "long"], "own");
        await _archive.Get<ArchiveBlobs>().Btf.PutAsync(Digest.Of(module), module, TestContext.Current.CancellationToken);
        using var kernel = _opener.Open(Name.Btf)!;
        using var opened = _opener.Open(Digest.Of(module), kernel)!;
        Assert.Null(opened.Index);
        Assert.Equal("own", opened.Types.NameText(opened.Types[3].NameOffset));
        Assert.Equal(Name, Assert.Single(Indexes.All()));
    }

    [Fact]
    public void A_BTF_that_is_not_there_is_null() => Assert.Null(_opener.Open(Digest.Of("nothing"u8)));

    [Fact]
    public async Task The_index_goes_with_its_BTF()
    {
        Open();
        Assert.True(await _archive.Store.DeleteAsync(_archive.Index.Matching(new()).Single().Id, TestContext.Current.CancellationToken));
        Assert.Empty(Indexes.All());
    }

    [Fact]
    public async Task What_a_killed_writer_left_is_swept_at_the_start()
    {
        Open();
        var left = Path.Combine(Indexes.Root, ".tmp", "left");
        await File.WriteAllTextAsync(left, "half", TestContext.Current.CancellationToken);
        await _archive.Restart();
        Assert.False(File.Exists(left));
        Assert.Equal(Name, Assert.Single(Indexes.All()));
    }

    /// <returns>The name of type 2.</returns>
    private string Open()
    {
        using var opened = _opener.Open(Name.Btf)!;
        return opened.Types.NameText(opened.Types[2].NameOffset);
    }

    public ValueTask DisposeAsync() => _archive.DisposeAsync();

    private sealed class Lines : List<string>, ILogger
    {
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Add(formatter(state, exception));

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
