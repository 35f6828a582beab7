using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Opened;

public sealed class BtfCacheTests
{
    [Fact]
    public async Task An_unknown_digest_is_null()
    {
        await using var archive = await TestArchive.StartAsync();
        Assert.Null(archive.Cache.Open(Digest.Of("x"u8)));
        Assert.Equal(0, archive.Cache.BytesOpen);
    }

    [Fact]
    public async Task All_who_ask_share_one_opened_BTF()
    {
        await using var archive = await TestArchive.StartAsync();
        var btf = await AddAsync(archive, "int");
        var leases = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => archive.Cache.Open(btf)!)));
        Assert.All(leases, lease => Assert.Same(leases[0].Types, lease.Types));
        Assert.Equal(TinyBtf.Of("int"), leases[0].Bytes.ToArray());
        var types = leases[0].Types;
        foreach (var lease in leases) lease.Dispose();
        Assert.Same(types, Types(archive, btf)); // kept for the next one
    }

    [Fact]
    public async Task What_is_not_in_use_is_closed_beyond_the_bound_the_longest_unused_first()
    {
        await using var archive = await TestArchive.StartAsync(("Cache:Bytes", "500"));
        Digest a = await AddAsync(archive, "a"), b = await AddAsync(archive, "b"), c = await AddAsync(archive, "c");
        var first = Types(archive, a); // 207 bytes each: 43 of BTF, 164 of index
        Types(archive, b);
        Assert.Same(first, Types(archive, a)); // a is used after b
        Types(archive, c); // b must go
        Assert.InRange(archive.Cache.BytesOpen, 1, 500);
        Assert.Same(first, Types(archive, a));
    }

    [Fact]
    public async Task What_is_in_use_stays_readable_whatever_the_bound()
    {
        await using var archive = await TestArchive.StartAsync(("Cache:Bytes", "0"));
        Digest a = await AddAsync(archive, "a"), b = await AddAsync(archive, "b");
        using (var one = archive.Cache.Open(a)!)
        using (var two = archive.Cache.Open(b)!)
        {
            Assert.Equal(TinyBtf.Of("a"), one.Bytes.ToArray());
            Assert.Equal(TinyBtf.Of("b"), two.Bytes.ToArray());
        }

        Assert.Equal(0, archive.Cache.BytesOpen);
    }

    [Fact]
    public async Task Passing_over_many_puts_nothing_out_and_leaves_nothing_open()
    {
        await using var archive = await TestArchive.StartAsync(("Cache:Bytes", "210"));
        Digest a = await AddAsync(archive, "a"), b = await AddAsync(archive, "b");
        var kept = Types(archive, a);
        var bytes = archive.Cache.BytesOpen;
        using (var passing = archive.Cache.Open(b, keep: false)!)
        {
            Assert.Equal(TinyBtf.Of("b"), passing.Bytes.ToArray());
            Assert.True(archive.Cache.BytesOpen > bytes);
            using var same = archive.Cache.Open(a, keep: false)!;
            Assert.Same(kept, same.Types);
        }

        Assert.Equal(bytes, archive.Cache.BytesOpen);
        Assert.Same(kept, Types(archive, a));
    }

    [Fact]
    public async Task What_somebody_passes_over_stays_for_one_who_keeps_it()
    {
        await using var archive = await TestArchive.StartAsync();
        var btf = await AddAsync(archive, "a");
        Relo.Core.Btf.BtfTypes types;
        using (var passing = archive.Cache.Open(btf, keep: false)!)
        {
            types = passing.Types;
            Assert.Same(types, Types(archive, btf));
        }

        Assert.Same(types, Types(archive, btf));
    }

    [Fact]
    public async Task A_deleted_kernel_stays_readable_for_those_who_use_it()
    {
        await using var archive = await TestArchive.StartAsync();
        var btf = await AddAsync(archive, "a");
        using var lease = archive.Cache.Open(btf)!;
        Assert.True(await archive.Store.DeleteAsync("custom/local/x86_64/6.1.0-a", TestContext.Current.CancellationToken));
        Assert.Null(archive.Cache.Open(btf));
        Assert.Equal(TinyBtf.Of("a"), lease.Bytes.ToArray());
    }

    [Fact]
    public async Task A_lease_that_was_given_back_is_of_no_use()
    {
        await using var archive = await TestArchive.StartAsync();
        var lease = archive.Cache.Open(await AddAsync(archive, "a"))!;
        lease.Dispose();
        lease.Dispose(); // harmless, and gives back only once
        Assert.Throws<ObjectDisposedException>(() => lease.Types);
        Assert.Throws<ObjectDisposedException>(() => lease.Bytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_damaged_blob_is_a_clear_error_and_not_wrong_data(bool emptied)
    {
        await using var archive = await TestArchive.StartAsync();
        var btf = await AddAsync(archive, "a");
        var path = archive.BtfPath(btf);
        var bytes = File.ReadAllBytes(path);
        bytes[^2] ^= 1;
        File.WriteAllBytes(path, emptied ? [] : bytes);
        var corrupt = Assert.Throws<CorruptBlobException>(() => archive.Cache.Open(btf));
        Assert.Contains(btf.ToString(), corrupt.Message);
        Assert.Equal(path, corrupt.Path);
        Assert.Null(archive.Cache.Open(btf)); // it is in quarantine

        Assert.IsType<AlreadyThere>(await archive.AddAsync(TinyBtf.Of("a"), "6.1.0-a")); // what the message says to do
        archive.Cache.Open(btf)!.Dispose();
    }

    private static Relo.Core.Btf.BtfTypes Types(TestArchive archive, Digest btf)
    {
        using var lease = archive.Cache.Open(btf)!;
        return lease.Types;
    }

    private static async Task<Digest> AddAsync(TestArchive archive, string name) =>
        Assert.IsType<Added>(await archive.AddAsync(TinyBtf.Of(name), $"6.1.0-{name}")).Kernel.Btf;
}
