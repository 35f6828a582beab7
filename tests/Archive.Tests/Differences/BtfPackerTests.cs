using Relo.Archive.Blobs;
using Relo.Archive.Damage;
using Relo.Archive.Differences;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Differences;

public sealed class BtfPackerTests : IAsyncLifetime
{
    private const string FirstRelease = "6.1.0-1-amd64", SecondRelease = "6.1.0-2-amd64", ThirdRelease = "6.1.0-3-amd64";
    private static readonly byte[] First = LikeBtf.Of("a"), Second = LikeBtf.Of("b"), Third = LikeBtf.Of("c");

    private TestArchive _archive = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PackedBlobs Btf => _archive.Get<ArchiveBlobs>().Btf;

    public async ValueTask InitializeAsync()
    {
        _archive = await TestArchive.StartAsync(("Archive:PackAfter", "00:00:00"));
        await AddAsync(First, FirstRelease);
        await AddAsync(Second, SecondRelease);
        await AddAsync(Third, ThirdRelease);
    }

    public async ValueTask DisposeAsync() => await _archive.DisposeAsync();

    [Fact]
    public async Task Kernels_alike_are_stored_as_differences_and_read_as_they_were()
    {
        Assert.Equal(3, await PackAsync());
        Assert.Empty(await Btf.Raw.SizesAsync(Stop));
        var sizes = await Btf.Packed.SizesAsync(Stop);
        Assert.Equal(3, sizes.Count);
        Assert.True(sizes[Digest.Of(Second)] < sizes[Digest.Of(First)] / 3, string.Join(", ", sizes.Values));
        Assert.Equal(StoredForm.Base, (await Btf.FindAsync(Digest.Of(First), Stop))!.Form);
        Assert.Equal(Digest.Of(First), (await Btf.FindAsync(Digest.Of(Third), Stop))!.Base); // not to the second: depth 1
        await AssertWholeAsync(First, Second, Third);
        Assert.Equal(0, await PackAsync());
    }

    [Fact]
    public async Task An_open_kernel_stays_open_while_it_is_packed()
    {
        using var lease = _archive.Cache.OpenWhole(Digest.Of(Second))!;
        await PackAsync();
        using var again = _archive.Cache.OpenWhole(Digest.Of(Second))!;
        Assert.Same(lease.Types, again.Types);
    }

    [Fact]
    public async Task Kernels_are_packed_some_time_after_they_were_added()
    {
        await using var archive = await TestArchive.StartAsync(("Archive:PackAfter", "01:00:00"));
        await archive.AddAsync(First, FirstRelease);
        Assert.Equal(0, await archive.Get<BtfPacker>().PackAsync(rests: false, Stop));
        archive.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await archive.Get<BtfPacker>().PackAsync(rests: false, Stop));
    }

    [Fact]
    public async Task A_kernel_that_is_added_later_uses_the_stored_base()
    {
        await PackAsync();
        await _archive.Restart();
        var fourth = LikeBtf.Of("d");
        await AddAsync(fourth, "6.1.0-4-amd64");
        Assert.Equal(1, await PackAsync());
        Assert.Equal(Digest.Of(First), (await Btf.FindAsync(Digest.Of(fourth), Stop))!.Base);
        await AssertWholeAsync(First, Second, Third, fourth);
    }

    [Fact]
    public async Task BTF_of_another_kind_is_a_base_of_its_own()
    {
        var far = TinyBtf.Of("far");
        await AddAsync(far, "7.0.0-1-amd64");
        await PackAsync();
        Assert.Equal(StoredForm.Base, (await Btf.FindAsync(Digest.Of(far), Stop))!.Form);
        await AssertWholeAsync(far);
    }

    [Fact]
    public async Task Adding_a_packed_kernel_again_stores_nothing()
    {
        await PackAsync();
        Assert.IsType<AlreadyThere>(await AddAsync(Second, SecondRelease));
        Assert.IsType<Added>(await AddAsync(Second, "6.1.0-9-amd64"));
        Assert.Empty(await Btf.Raw.SizesAsync(Stop));
    }

    [Fact]
    public async Task A_process_that_ended_before_the_raw_bytes_were_deleted_leaves_both_and_the_next_pass_deletes_them()
    {
        await PackAsync();
        await Btf.Raw.PutAsync(Digest.Of(First), First, Stop);
        await Btf.Raw.PutAsync(Digest.Of(Second), Second, Stop);
        await _archive.Restart();
        await AssertWholeAsync(First, Second, Third);
        Assert.Equal(2, await PackAsync());
        Assert.Empty(await Btf.Raw.SizesAsync(Stop));
        Assert.Equal(StoredForm.Base, (await Btf.FindAsync(Digest.Of(First), Stop))!.Form); // others still need it
        await AssertWholeAsync(First, Second, Third);
    }

    [Fact]
    public async Task A_deleted_base_stays_as_long_as_others_need_it()
    {
        await PackAsync();
        await _archive.Store.DeleteAsync(IdOf(FirstRelease), Stop);
        Assert.Equal(0, await _archive.Get<UnusedBases>().SweepAsync(Stop));
        var summary = await _archive.Get<ArchivePruner>().PruneAsync(new(DryRun: false, Upstream: false, Objects: false), Stop);
        Assert.Equal(0, summary.Btf);
        await AssertWholeAsync(Second, Third);

        await _archive.Store.DeleteAsync(IdOf(SecondRelease), Stop);
        Assert.False(await Btf.HasAsync(Digest.Of(Second), Stop));
        await AssertWholeAsync(Third);
        await _archive.Store.DeleteAsync(IdOf(ThirdRelease), Stop);
        Assert.Equal(1, await _archive.Get<UnusedBases>().SweepAsync(Stop));
        Assert.Empty(await Btf.SizesAsync(Stop));
    }

    [Fact]
    public async Task A_base_whose_kernel_was_deleted_is_no_base_of_new_kernels()
    {
        await PackAsync();
        await _archive.Store.DeleteAsync(IdOf(FirstRelease), Stop);
        var fourth = LikeBtf.Of("d");
        await AddAsync(fourth, "6.1.0-4-amd64");
        await PackAsync();
        Assert.Equal(StoredForm.Base, (await Btf.FindAsync(Digest.Of(fourth), Stop))!.Form);
    }

    [Fact]
    public async Task A_damaged_difference_is_set_aside_and_the_same_kernel_again_restores_it()
    {
        await PackAsync();
        Damage(Second);
        var fault = Assert.Single((await VerifyAsync()).Faults);
        Assert.StartsWith(IdOf(SecondRelease), fault, StringComparison.Ordinal);
        await LostAsync(SecondRelease);
        Assert.Equal(["vmlinux"], _archive.Index.Find(IdOf(SecondRelease))!.Damaged);
        Assert.True(File.Exists(Path.Combine(_archive.Root, "quarantine", "packed", Digest.Of(Second).Hex)));
        await AssertOpensAsync(ThirdRelease);

        Assert.IsType<AlreadyThere>(await AddAsync(Second, SecondRelease));
        Assert.Equal(0, _archive.Index.Damaged);
        await AssertWholeAsync(First, Second, Third);
    }

    [Fact]
    public async Task A_damaged_base_is_reported_for_all_that_need_it_and_restores_all_when_it_is_added_again()
    {
        await PackAsync();
        Damage(First);
        await _archive.Restart();
        Assert.Equal(3, (await VerifyAsync()).Faults.Count);
        await LostAsync(SecondRelease);
        await LostAsync(FirstRelease);
        Assert.Equal(1, _archive.Get<Quarantine>().Btf);
        await LostAsync(ThirdRelease);

        Assert.Equal(IdOf(FirstRelease), Assert.IsType<AlreadyThere>(await AddAsync(First, FirstRelease)).Kernel.Id);
        await AssertOpensAsync(SecondRelease);
        await AssertWholeAsync(First, Second, Third);
        await _archive.Restart();
        Assert.Equal(1, await PackAsync());
        Assert.Equal(StoredForm.Base, (await Btf.FindAsync(Digest.Of(First), Stop))!.Form);
        await AssertWholeAsync(First, Second, Third);
    }

    [Fact]
    public async Task A_kernel_whose_base_is_lost_can_be_added_again_itself()
    {
        await PackAsync();
        await Btf.Packed.DeleteAsync(Digest.Of(First), Stop);
        await _archive.Restart();
        var lost = await Assert.ThrowsAsync<CorruptBlobException>(() => Btf.ReadAsync(Digest.Of(Second), Stop));
        Assert.Contains($"is a difference to {Digest.Of(First)}, which is missing", lost.Message, StringComparison.Ordinal);
        Assert.IsType<AlreadyThere>(await AddAsync(Second, SecondRelease));
        await AssertOpensAsync(SecondRelease);
    }

    [Fact]
    public async Task A_base_that_was_deleted_by_hand_and_added_again_serves_the_others_however_it_is_stored()
    {
        await PackAsync();
        await AddAsync(LikeBtf.Of("0"), "6.0.0-1-amd64"); // a base that comes before it
        await PackAsync();
        await Btf.Packed.DeleteAsync(Digest.Of(First), Stop);
        await _archive.Restart();
        await AddAsync(First, FirstRelease);
        await AssertWholeAsync(First, Second, Third);
        Assert.Equal(1, await PackAsync());
        await _archive.Restart();
        await AssertWholeAsync(First, Second, Third);
    }

    [Fact]
    public async Task A_difference_to_another_base_is_not_believed()
    {
        await PackAsync();
        var far = TinyBtf.Of("far");
        await AddAsync(far, "7.0.0-1-amd64");
        await PackAsync();
        var form = (await Btf.Unpacker.FormAsync(Digest.Of(First), Stop))!;
        var wrong = PackedBlob.Pack(Digest.Of(Second), Second, (Digest.Of(far), form)); // made with the form of the first
        await Btf.Packed.DeleteAsync(Digest.Of(Second), Stop);
        await Btf.Packed.PutAsync(Digest.Of(Second), wrong, Stop);
        await Assert.ThrowsAsync<CorruptBlobException>(() => Btf.ReadAsync(Digest.Of(Second), Stop));
    }

    [Fact]
    public async Task What_the_disk_cache_evicted_is_unpacked_again()
    {
        await PackAsync();
        await AssertOpensAsync(SecondRelease);
        await CopyAsync(Second);
        await _archive.Restart();
        var folders = _archive.Get<ArchiveFolders>();
        folders.Cache.Trim(long.MaxValue / 2);
        Assert.False(File.Exists(CopyOf(Second)));
        await AssertOpensAsync(SecondRelease);
    }

    [Fact]
    public async Task A_damaged_copy_is_unpacked_again()
    {
        await PackAsync();
        await AssertOpensAsync(SecondRelease);
        var copy = await CopyAsync(Second);
        var bytes = await File.ReadAllBytesAsync(copy, Stop);
        bytes[^3] ^= 1;
        await File.WriteAllBytesAsync(copy, bytes, Stop);
        await AssertOpensAsync(SecondRelease);
        Assert.Equal(0, _archive.Index.Damaged);
    }

    [Fact]
    public async Task A_backup_copies_what_is_packed_and_is_whole()
    {
        await PackAsync();
        var folder = Directory.CreateTempSubdirectory("relo-backup-").FullName;
        try
        {
            await _archive.Store.DeleteAsync(IdOf(FirstRelease), Stop); // its BTF is still a base
            Assert.Empty((await _archive.Get<ArchiveBackup>().RunAsync(folder, Stop)).Faults);
            Assert.Equal(0, (await _archive.Get<ArchiveBackup>().RunAsync(folder, Stop)).Copied);
            await using var restored = TestArchive.Prepare();
            await restored.Restart(folder, "", "");
            Assert.Empty(await restored.Get<ArchiveBlobs>().Btf.Raw.SizesAsync(Stop));
            Assert.Equal(Third, await BytesAsync(restored, Third));
            Assert.Empty((await restored.Get<ArchiveVerifier>().VerifyAsync(Stop)).Faults);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)] // as an earlier version left it
    public async Task A_backup_that_has_a_base_as_raw_bytes_keeps_what_is_stored_as_a_difference_to_it(bool isRestoredFirst, bool lacksBase)
    {
        var folder = Directory.CreateTempSubdirectory("relo-backup-").FullName;
        try
        {
            await BackUpAsync(folder); // all of it raw
            var fourth = LikeBtf.Of("d");
            await AddAsync(fourth, "6.1.0-4-amd64");
            await PackAsync();
            await BackUpAsync(folder);
            if (lacksBase) File.Delete(Path.Combine(folder, "blobs", "packed", Digest.Of(First).Hex[..2], Digest.Of(First).Hex));
            if (!isRestoredFirst)
            {
                await _archive.Store.DeleteAsync(IdOf(FirstRelease), Stop);
                await BackUpAsync(folder);
            }

            await using var restored = TestArchive.Prepare();
            await restored.Restart(folder, "", "");
            if (isRestoredFirst) await restored.Store.DeleteAsync(IdOf(FirstRelease), Stop);
            Assert.Equal(fourth, await BytesAsync(restored, fourth));
            Assert.Empty((await restored.Get<ArchiveVerifier>().VerifyAsync(Stop)).Faults);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_was_packed_under_a_larger_limit_is_still_read_and_deleted()
    {
        await PackAsync();
        await using var limited = TestArchive.Prepare(("Archive:BtfBytes", "1000"));
        await limited.Restart(_archive.Root);
        Assert.Equal(Second, await BytesAsync(limited, Second));
        await limited.Store.DeleteAsync(IdOf(SecondRelease), Stop);
        Assert.False(await Btf.HasAsync(Digest.Of(Second), Stop));
    }

    [Fact]
    public async Task Without_its_database_an_archive_moves_what_is_packed_out_and_back()
    {
        await PackAsync();
        await _archive.Store.DeleteAsync(IdOf(FirstRelease), Stop);
        List<Digest> all = [Digest.Of(First), Digest.Of(Second), Digest.Of(Third)];
        foreach (var btf in all) Assert.True(await Btf.MoveAsync(btf, BlobPlace.Stored, BlobPlace.Orphaned, Stop));
        await Assert.ThrowsAsync<BlobLostException>(() => OpenAsync(SecondRelease));
        await _archive.Restart();
        await AssertWholeAsync(Second, Third); // with the base, which no kernel names
    }

    private Task<int> PackAsync() => _archive.Get<BtfPacker>().PackAsync(rests: false, Stop);

    private Task<AddOutcome> AddAsync(byte[] btf, string release) => _archive.AddAsync(btf, release, distro: "debian", version: "12");

    private static string IdOf(string release) => $"debian/12/x86_64/{release}";

    private async Task BackUpAsync(string folder) =>
        Assert.Empty((await _archive.Get<ArchiveBackup>().RunAsync(folder, Stop)).Faults);

    private Task<VerifyReport> VerifyAsync() => _archive.Get<ArchiveVerifier>().VerifyAsync(Stop);

    private void Damage(byte[] btf)
    {
        TestBlobs.SkipUnlessFiles();
        var path = Btf.NameOf(Digest.Of(btf));
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private async Task<byte[]> OpenAsync(string release)
    {
        using var lease = await _archive.Get<KernelOpener>().OpenAsync(_archive.Index.Find(IdOf(release))!, Stop);
        return lease.Types.Bytes.ToArray();
    }

    private Task<BlobLostException> LostAsync(string release) => Assert.ThrowsAsync<BlobLostException>(() => OpenAsync(release));

    private async Task AssertOpensAsync(string release) =>
        Assert.Equal(_archive.Index.Find(IdOf(release))!.Btf, Digest.Of(await OpenAsync(release)));

    private string CopyOf(byte[] btf) =>
        Path.Combine(_archive.Get<ArchiveFolders>().Cache.Root, "btf", Digest.Of(btf).Hex[..2], Digest.Of(btf).Hex);

    // It gets its name when it is on the disk.
    private async Task<string> CopyAsync(byte[] btf)
    {
        for (var i = 0; i < 1_000 && !File.Exists(CopyOf(btf)); i++) await Task.Delay(10, Stop);
        Assert.True(File.Exists(CopyOf(btf)));
        return CopyOf(btf);
    }

    private async Task AssertWholeAsync(params byte[][] kernels)
    {
        foreach (var kernel in kernels) Assert.Equal(kernel, await BytesAsync(_archive, kernel));
        var report = await VerifyAsync();
        Assert.Empty(report.Faults);
        Assert.Empty(report.Unused);
    }

    private static async Task<byte[]?> BytesAsync(TestArchive archive, byte[] kernel)
    {
        using var blob = await archive.Get<ArchiveBlobs>().Btf.OpenAsync(Digest.Of(kernel), Stop);
        return blob?.Memory.ToArray();
    }
}
