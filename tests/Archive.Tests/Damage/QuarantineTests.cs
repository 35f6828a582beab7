using Relo.Archive.Blobs;
using Relo.Archive.Damage;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Archive.Opened;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Damage;

public sealed class QuarantineTests : IAsyncLifetime
{
    private const string Id = "custom/local/x86_64/6.1.0-1-amd64";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private static readonly Digest Name = Digest.Of(Btf);
    private TestArchive _archive = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Aside => Path.Combine(_archive.Root, "quarantine", "btf", Name.Hex);

    public async ValueTask InitializeAsync()
    {
        _archive = await TestArchive.StartAsync();
        await _archive.AddAsync(Btf);
    }

    [Fact]
    public async Task Damaged_BTF_is_moved_aside_with_its_index_and_its_kernels_are_marked()
    {
        await _archive.AddAsync(Btf, "6.1.0-2-amd64");
        await _archive.AddAsync(TinyBtf.Of("char"), "6.1.0-3-amd64");
        _archive.Cache.Open(Name)!.Dispose();
        var damaged = Damage();
        await LostAsync("is damaged");
        Assert.False(File.Exists(_archive.BtfPath(Name)));
        Assert.Equal(damaged, File.ReadAllBytes(Aside));
        Assert.Empty(_archive.Get<ArchiveFolders>().Indexes.All());
        Assert.Equal(1, _archive.Get<Quarantine>().Btf);
        Assert.Equal([["vmlinux"], ["vmlinux"], null], _archive.Index.Matching(new()).Select(k => k.Damaged));
        Assert.Equal(2, _archive.Index.Damaged);
        await LostAsync("is missing"); // and is not counted again
        Assert.Equal(1, _archive.Get<Quarantine>().Btf);
    }

    [Fact]
    public async Task Kernels_that_wait_for_their_BTF_are_known_after_a_restart_too()
    {
        Damage();
        await LostAsync("is damaged");
        await _archive.Restart();
        Assert.Equal(["vmlinux"], _archive.Index.Find(Id)!.Damaged);
    }

    [Fact]
    public async Task The_same_kernel_again_puts_the_BTF_back()
    {
        await _archive.AddAsync(Btf, "6.1.0-2-amd64");
        Damage();
        await LostAsync("is damaged");
        var again = Assert.IsType<AlreadyThere>(await _archive.AddAsync(Btf));
        Assert.Null(again.Kernel.Damaged);
        Assert.Equal(0, _archive.Index.Damaged); // nor is the other one that has it
        Assert.Equal("long", await UseAsync());
    }

    [Fact]
    public async Task The_same_kernel_again_mends_damage_that_nobody_has_met_yet()
    {
        Damage();
        Assert.IsType<AlreadyThere>(await _archive.AddAsync(Btf));
        Assert.Equal(Btf, File.ReadAllBytes(_archive.BtfPath(Name)));
    }

    [Fact]
    public async Task What_is_written_over_the_file_of_an_open_kernel_is_noticed_at_its_next_use()
    {
        Assert.Equal("long", await UseAsync());
        Damage();
        await LostAsync("is damaged");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task A_file_that_lost_its_end_is_noticed_before_it_is_touched(int length)
    {
        Assert.Equal("long", await UseAsync());
        using (var file = new FileStream(_archive.BtfPath(Name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(length);
        await LostAsync("is damaged");
    }

    [Fact]
    public async Task A_file_that_is_gone_is_noticed_at_the_next_use()
    {
        Assert.Equal("long", await UseAsync());
        File.Delete(_archive.BtfPath(Name));
        await LostAsync("is missing");
        Assert.Equal(["vmlinux"], _archive.Index.Find(Id)!.Damaged);
        Assert.Empty(Quarantined());
    }

    [Fact]
    public async Task A_file_that_comes_back_from_a_backup_is_used_again()
    {
        File.Move(_archive.BtfPath(Name), _archive.BtfPath(Name) + ".away");
        await LostAsync("is missing");
        File.Move(_archive.BtfPath(Name) + ".away", _archive.BtfPath(Name));
        Assert.Equal("long", await UseAsync());
        Assert.Equal(0, _archive.Index.Damaged);
    }

    [Fact]
    public async Task What_rots_without_a_trace_is_found_when_the_bytes_are_passed_on()
    {
        Assert.Equal("long", await UseAsync());
        await _archive.Restart(); // so that the index vouches for it
        Assert.Equal("long", await UseAsync());
        var time = File.GetLastWriteTimeUtc(_archive.BtfPath(Name));
        Damage();
        File.SetLastWriteTimeUtc(_archive.BtfPath(Name), time);
        await Assert.ThrowsAsync<BlobLostException>(() => _archive.Get<KernelOpener>().OpenAsync(_archive.Index.Find(Id)!, Stop));
        Assert.Single(Quarantined());
    }

    [Fact]
    public async Task What_rots_without_a_trace_is_found_when_it_makes_no_sense_any_more()
    {
        await UseAsync();
        await _archive.Restart();
        await UseAsync();
        var time = File.GetLastWriteTimeUtc(_archive.BtfPath(Name));
        Damage();
        File.SetLastWriteTimeUtc(_archive.BtfPath(Name), time);
        await Assert.ThrowsAsync<BlobLostException>(
            () => _archive.Get<KernelOpener>().UseAsync<string>(_archive.Index.Find(Id)!, keep: true, _ => throw Nonsense(), Stop));
        Assert.Single(Quarantined());
    }

    [Fact]
    public async Task Sound_bytes_that_somebody_cannot_read_stay_where_they_are()
    {
        await Assert.ThrowsAsync<MalformedObjectException>(
            () => _archive.Get<KernelOpener>().UseAsync<string>(_archive.Index.Find(Id)!, keep: true, _ => throw Nonsense(), Stop));
        Assert.Empty(Quarantined());
        Assert.Equal("long", await UseAsync());
    }

    [Fact]
    public async Task A_damaged_module_is_marked_by_its_name_and_its_kernel_serves_on()
    {
        var module = TinyBtf.SplitOn(["int", "long"], "own");
        Assert.IsType<Added>(
            await _archive.Store.AddAsync(module, new(null, null, "x86_64", "6.1.0-1-amd64", "nf_x"), "upload", replace: false, Stop));
        Damage(Digest.Of(module));
        var kernel = _archive.Index.Find(Id)!;
        Assert.Equal("long", await UseAsync());
        var lost = await Assert.ThrowsAsync<BlobLostException>(
            () => _archive.Get<KernelOpener>().UseAsync(kernel, keep: true, opened => NameOfOpened(opened), Stop));
        Assert.Equal(Digest.Of(module), lost.Digest);
        Assert.Equal(["nf_x"], _archive.Index.Find(Id)!.Damaged);
        await Assert.ThrowsAsync<BlobLostException>(
            () => _archive.Get<KernelOpener>().UseAsync(kernel, keep: true, opened => NameOfOpened(opened), Stop));
        Assert.Equal("long", await UseAsync());
        await _archive.Store.AddAsync(module, new(null, null, "x86_64", "6.1.0-1-amd64", "nf_x"), "upload", replace: false, Stop);
        Assert.Equal("nf_x", await _archive.Get<KernelOpener>().UseAsync(kernel, keep: true, opened => NameOfOpened(opened), Stop));
        Assert.Null(_archive.Index.Find(Id)!.Damaged);
    }

    [Fact]
    public async Task A_kernel_deleted_before_its_modules_are_asked_for_is_gone_and_not_damaged()
    {
        var module = TinyBtf.SplitOn(["int", "long"], "own");
        await _archive.Store.AddAsync(module, new(null, null, "x86_64", "6.1.0-1-amd64", "nf_x"), "upload", replace: false, Stop);
        var kernel = _archive.Index.Find(Id)!;
        await Assert.ThrowsAsync<KernelGoneException>(() => _archive.Get<KernelOpener>().UseAsync(kernel, keep: false, opened =>
        {
            _archive.Store.DeleteAsync(Id, Stop).GetAwaiter().GetResult();
            return NameOfOpened(opened);
        }, Stop));
        await Assert.ThrowsAsync<KernelGoneException>(() => _archive.Get<KernelOpener>().UseAsync(kernel, keep: false, opened => "", Stop));
        await Assert.ThrowsAsync<KernelGoneException>(() => _archive.Get<KernelOpener>().OpenAsync(kernel, Stop));
        Assert.Equal(0, _archive.Index.Damaged);
    }

    [Fact]
    public async Task Verify_tells_what_is_in_quarantine_and_prune_removes_what_is_back()
    {
        Damage();
        await LostAsync("is damaged");
        var report = await VerifyAsync();
        Assert.Contains($"is in quarantine, {Aside}", Assert.Single(report.Faults), StringComparison.Ordinal);
        Assert.Equal(Aside, Assert.Single(report.Quarantined));
        await PruneAsync(dryRun: false);
        Assert.Single(Quarantined()); // it may be all that is left

        await _archive.AddAsync(Btf);
        report = await VerifyAsync();
        Assert.Empty(report.Faults);
        Assert.Single(report.Quarantined);
        Assert.Equal(Btf.Length, (await PruneAsync(dryRun: true)).Bytes);
        Assert.Single(Quarantined());
        await PruneAsync(dryRun: false);
        Assert.Empty(Quarantined());
        Assert.Equal("long", await UseAsync());
    }

    [Fact]
    public async Task What_turns_out_to_be_sound_when_it_was_moved_goes_back()
    {
        Assert.False(await _archive.Get<ArchiveBlobs>().Btf.SetAsideAsync(Name, Stop));
        Assert.Empty(Quarantined());
        Assert.Equal("long", await UseAsync());
    }

    public ValueTask DisposeAsync() => _archive.DisposeAsync();

    private Task<VerifyReport> VerifyAsync() => _archive.Get<ArchiveVerifier>().VerifyAsync(Stop);

    private Task<PruneSummary> PruneAsync(bool dryRun) =>
        _archive.Get<ArchivePruner>().PruneAsync(new(dryRun, Upstream: false, Objects: false), Stop);

    private string[] Quarantined() => Directory.Exists(Path.GetDirectoryName(Aside))
        ? Directory.GetFiles(Path.GetDirectoryName(Aside)!)
        : [];

    private byte[] Damage(Digest? which = null)
    {
        var path = _archive.BtfPath(which ?? Name);
        var bytes = File.ReadAllBytes(path);
        bytes[^2] ^= 1;
        File.WriteAllBytes(path, bytes);
        return bytes;
    }

    private static MalformedObjectException Nonsense() => new(MalformedObjectException.InvalidBtf, ".BTF", 0, "nonsense");

    private async Task LostAsync(string how)
    {
        var lost = await Assert.ThrowsAsync<BlobLostException>(UseAsync);
        Assert.Equal(Name, lost.Digest);
        Assert.Contains($"{Name} of {Id} {how}", lost.Message, StringComparison.Ordinal);
    }

    private static string NameOfOpened(BtfLease kernel)
    {
        var module = kernel.Kernel.Modules.Single();
        Assert.NotEmpty(module.Types.Bytes.ToArray());
        return module.Name;
    }

    /// <returns>The name of type 2.</returns>
    private Task<string> UseAsync() => _archive.Get<KernelOpener>()
        .UseAsync(_archive.Index.Find(Id)!, keep: true, opened => opened.Types.NameText(opened.Types[2].NameOffset), Stop);
}
