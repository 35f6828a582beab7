using Microsoft.AspNetCore.Http;
using Relo.Archive.Blobs;
using Relo.Archive.Damage;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Blobs.S3;

/// <summary>A whole archive whose blobs are in a store that fails.</summary>
public sealed class S3ArchiveTests : IAsyncLifetime
{
    private const string Id = "custom/local/x86_64/6.1.0-1-amd64", OtherId = "custom/local/x86_64/6.1.0-2-amd64";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long"), Other = TinyBtf.Of("int", "char");

    private FakeS3 _store = null!;
    private TestArchive _archive = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Key => $"x/btf/{Digest.Of(Btf).Hex}";

    private string Copy => Path.Combine(_archive.Root, "cache", "btf", Digest.Of(Btf).Hex[..2], Digest.Of(Btf).Hex);

    public async ValueTask InitializeAsync()
    {
        _store = await FakeS3.StartAsync();
        _archive = await TestArchive.StartAsync(
            ("Archive:Blobs", $"s3://{FakeS3.Bucket}/x"), ("Archive:S3:Endpoint", _store.Url), ("Archive:S3:PathStyle", "true"),
            ("Cache:Bytes", "0"));
        Assert.IsType<Added>(await _archive.AddAsync(Btf));
        Assert.IsType<Added>(await _archive.AddAsync(Other, "6.1.0-2-amd64"));
    }

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Without_its_store_an_archive_starts_serves_what_it_has_copied_and_says_what_it_lacks()
    {
        Assert.Equal("long", await UseAsync(Id));
        await _store.DisposeAsync();
        await _archive.Restart();
        Assert.Equal("long", await UseAsync(Id));
        var fault = StorageFault.Of(await Assert.ThrowsAsync<BlobStoreException>(() => UseAsync(OtherId)))!;
        Assert.Equal("the blob store cannot be reached", fault.Reason);
        Assert.Equal(0, _archive.Index.Damaged);
        var probe = (await _archive.Get<ArchiveProbe>().ProbeAsync(Stop)).Single(part => part.Part == "blobs");
        Assert.Equal((ProbeStatus.Unhealthy, "the blob store cannot be reached"), (probe.Status, probe.Detail));
        Assert.Equal("the blob store cannot be reached",
            StorageFault.Of(
                await Assert.ThrowsAsync<BlobStoreException>(() => _archive.AddAsync(TinyBtf.Of("x"), "6.1.0-3-amd64")))!.Reason);
    }

    [Fact]
    public async Task A_copy_that_rots_is_fetched_again_and_no_kernel_is_damaged()
    {
        Assert.Equal("long", await UseAsync(Id));
        var bytes = await File.ReadAllBytesAsync(Copy, Stop);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(Copy, bytes, Stop);
        Assert.Equal("long", await UseAsync(Id));
        Assert.Equal(Btf, await File.ReadAllBytesAsync(Copy, Stop));
        Assert.Equal((0, 0), (_archive.Index.Damaged, _archive.Get<Quarantine>().Btf));
    }

    [Fact]
    public async Task A_cache_that_is_deleted_while_the_service_runs_is_filled_again()
    {
        Assert.Equal("long", await UseAsync(Id));
        Directory.Delete(Path.Combine(_archive.Root, "cache"), recursive: true);
        Assert.Equal("long", await UseAsync(Id));
        Assert.True(File.Exists(Copy));
    }

    [Fact]
    public async Task Damaged_in_the_store_is_quarantined_there_and_mended_by_the_same_bytes()
    {
        _store.Objects[Key] = "something else"u8.ToArray();
        var lost = await Assert.ThrowsAsync<BlobLostException>(() => UseAsync(Id));
        Assert.Contains("is damaged", lost.Message, StringComparison.Ordinal);
        Assert.Contains($"x/quarantine/btf/{Digest.Of(Btf).Hex}", _store.Objects.Keys);
        Assert.DoesNotContain(Key, _store.Objects.Keys);
        var report = await _archive.Get<ArchiveVerifier>().VerifyAsync(Stop);
        Assert.Equal($"s3://{FakeS3.Bucket}/x/quarantine/btf/{Digest.Of(Btf).Hex}", Assert.Single(report.Quarantined));
        await _archive.AddAsync(Btf);
        Assert.Equal("long", await UseAsync(Id));
        await _archive.Get<ArchivePruner>().PruneAsync(new(DryRun: false, Upstream: false, Objects: false), Stop);
        Assert.Equal(2, _store.Objects.Count);
    }

    [Fact]
    public async Task Verify_reads_the_store_and_not_the_copies()
    {
        Assert.Equal("long", await UseAsync(Id));
        _store.Objects[Key] = "something else"u8.ToArray();
        Assert.Single((await _archive.Get<ArchiveVerifier>().VerifyAsync(Stop)).Faults);
    }

    [Fact]
    public async Task A_backup_is_an_archive_of_its_own_in_files()
    {
        var folder = Directory.CreateTempSubdirectory("relo-backup-").FullName;
        Assert.Empty((await _archive.Get<ArchiveBackup>().RunAsync(folder, Stop)).Faults);
        await using (var copy = TestArchive.Prepare(("Archive:Blobs", ""), ("Archive:Database", "")))
        {
            await copy.Restart(folder);
            Assert.Equal(2, copy.Index.Count);
            Assert.Empty((await copy.Get<ArchiveVerifier>().VerifyAsync(Stop)).Faults);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Orphans_are_set_aside_in_the_store()
    {
        await _archive.Get<ArchiveBlobs>().Objects.PutAsync(Digest.Of("orphan"u8), "orphan"u8.ToArray(), Stop);
        await _archive.Restart();
        Assert.Contains($"x/orphans/objects/{Digest.Of("orphan"u8).Hex}", _store.Objects.Keys);
        Assert.Empty(_archive.Stored("objects"));
    }

    [Fact]
    public async Task A_thousand_uses_of_one_kernel_fetch_it_once()
    {
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Stop },
            async (_, _) => Assert.Equal("long", await UseAsync(Id)));
        Assert.Single(_store.Asked, request => request == $"{HttpMethods.Get} {Key}");
    }

    /// <returns>The name of type 2.</returns>
    private Task<string> UseAsync(string id) =>
        _archive.Get<KernelOpener>()
            .UseAsync(_archive.Index.Find(id)!, keep: true, opened => opened.Types.NameText(opened.Types[2].NameOffset), Stop);
}
