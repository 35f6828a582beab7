using Microsoft.AspNetCore.Http;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.Move;
using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Move;

public sealed class ArchiveMoveTests : IAsyncLifetime
{
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private static readonly byte[] Module = TinyBtf.SplitOn(["int", "long"], "own");
    private static readonly byte[] Object = "an object"u8.ToArray();

    private TestArchive _source = null!;
    private TestArchive _target = null!;
    private FakeS3 _store = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Bucket => $"s3://{FakeS3.Bucket}/moved";

    public async ValueTask InitializeAsync()
    {
        _store = await FakeS3.StartAsync();
        _source = await TestArchive.StartAsync();
        _target = TestArchive.Prepare(("Archive:Blobs", Bucket), ("Archive:S3:Endpoint", _store.Url), ("Archive:S3:PathStyle", "true"));
        await _source.AddAsync(Btf);
        await _source.AddAsync(TinyBtf.Of("char"), "6.1.0-2-amd64");
        await _source.Store.AddAsync(Module, new(null, null, "x86_64", "6.1.0-1-amd64", "nf_x"), "upload", replace: false, Stop);
        await _source.Objects.PutAsync(Digest.Of(Object), Object, "tracer", Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Everything_is_in_the_other_archive_and_back_again()
    {
        var there = await MoveAsync(_source, _target);
        Assert.Equal((2, 2, 4), (there.Kernels, there.Objects, there.Blobs));
        Assert.Empty(there.Faults);
        Assert.Equal(4, _store.Objects.Count);
        await _target.Restart();
        await AssertSameAsync(_target);

        await using var back = TestArchive.Prepare();
        Assert.Empty((await MoveAsync(_target, back)).Faults);
        await back.Restart();
        await AssertSameAsync(back);
    }

    [Fact]
    public async Task Between_the_engines_everything_stays_the_same_too()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, "RELO_TEST_DATABASE names no PostgreSQL");
        await using var file = TestArchive.Prepare(("Archive:Database", ""), ("Archive:Blobs", ""));
        Assert.Empty((await MoveAsync(_source, file)).Faults); // PostgreSQL to SQLite
        await file.Restart();
        await AssertSameAsync(file);
        Assert.Empty((await MoveAsync(file, _target)).Faults); // SQLite and files to PostgreSQL and S3
        await _target.Restart();
        await AssertSameAsync(_target);
    }

    [Fact]
    public async Task What_was_interrupted_goes_on_and_what_was_added_follows()
    {
        var writes = 0;
        _store.Before = http => HttpMethods.IsPut(http.Request.Method) && Interlocked.Increment(ref writes) > 2
            ? FakeS3.FailAsync(http, 403, "AccessDenied")
            : Task.FromResult(false);
        await Assert.ThrowsAsync<BlobStoreException>(() => MoveAsync(_source, _target));
        _store.Before = _ => Task.FromResult(false);
        await _source.AddAsync(TinyBtf.Of("short"), "6.1.0-3-amd64");
        await _source.Objects.PutAsync(Digest.Of("other"u8), "other"u8.ToArray(), "tracer", Stop); // the tag moves
        await MoveAsync(_source, _target);
        Assert.Equal(new(0, 0, 0, 0, []), (await MoveAsync(_source, _target)) with { Faults = [] });
        await _target.Restart();
        await AssertSameAsync(_target);
    }

    [Fact]
    public async Task A_tag_that_was_deleted_is_deleted_there_too()
    {
        await _source.Objects.PutAsync(Digest.Of(Object), Object, "old", Stop);
        await MoveAsync(_source, _target);
        await _source.Objects.DeleteAsync(new ObjectRef.ByTag("old"), Stop);
        Assert.Equal(1, (await MoveAsync(_source, _target)).Objects);
        await _target.Restart();
        await AssertSameAsync(_target);
    }

    [Fact]
    public async Task A_kernel_of_which_only_a_lost_module_is_missing_is_not_copied_again()
    {
        await _source.Get<ArchiveBlobs>().Btf.DeleteAsync(Digest.Of(Module), Stop);
        Assert.Equal(2, (await MoveAsync(_source, _target)).Kernels);
        var again = await MoveAsync(_source, _target);
        Assert.Equal(0, again.Kernels);
        Assert.StartsWith("custom/local/x86_64/6.1.0-1-amd64, module nf_x: ", Assert.Single(again.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_holds_something_else_is_refused()
    {
        await _target.Restart();
        await _target.AddAsync(TinyBtf.Of("other"));
        Assert.Contains("kernel custom/local/x86_64/6.1.0-1-amd64 has other BTF",
            (await Assert.ThrowsAsync<MoveRefusedException>(() => MoveAsync(_source, _target))).Message, StringComparison.Ordinal);
        await _target.AddAsync(Btf, replace: true);
        await _target.Objects.PutAsync(Digest.Of("x"u8), "x"u8.ToArray(), Stop);
        Assert.Contains($"object {Digest.Of("x"u8).Hex} is not in this archive",
            (await Assert.ThrowsAsync<MoveRefusedException>(() => MoveAsync(_source, _target))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_is_not_moved_to_itself() =>
        await Assert.ThrowsAsync<MoveRefusedException>(() => MoveAsync(_source, _source));

    [Fact]
    public async Task A_kernel_whose_BTF_is_lost_is_reported_and_follows_once_it_is_back()
    {
        await _source.Get<ArchiveBlobs>().Btf.DeleteAsync(Digest.Of(TinyBtf.Of("char")), Stop);
        var summary = await MoveAsync(_source, _target);
        Assert.StartsWith("custom/local/x86_64/6.1.0-2-amd64: there is no ", Assert.Single(summary.Faults), StringComparison.Ordinal);
        Assert.Equal(1, summary.Kernels);
        await _source.AddAsync(TinyBtf.Of("char"), "6.1.0-2-amd64");
        Assert.Empty((await MoveAsync(_source, _target)).Faults);
        await _target.Restart();
        await AssertSameAsync(_target);
    }

    private static async Task<MoveSummary> MoveAsync(TestArchive from, TestArchive to) =>
        await from.Get<ArchiveMove>().RunAsync(to.Configuration(), progress: null, Stop);

    private async Task AssertSameAsync(TestArchive other)
    {
        var report = await other.Get<ArchiveVerifier>().VerifyAsync(Stop);
        Assert.Empty(report.Faults);
        Assert.Empty(report.Unused);
        var source = await _source.Get<ArchiveVerifier>().VerifyAsync(Stop);
        Assert.Empty(source.Faults);
        Assert.Equal(source.AuditHead, report.AuditHead);
        Kernel[] expected = [.. _source.Index.Matching(new())], found = [.. other.Index.Matching(new())];
        Assert.Equal(expected.Select(k => (k.Id, k.Btf, k.AddedAt, k.ModuleBtf.Count)),
            found.Select(k => (k.Id, k.Btf, k.AddedAt, k.ModuleBtf.Count)));
        var (here, there) = (await _source.Objects.ListAsync(10, null, Stop), await other.Objects.ListAsync(10, null, Stop));
        Assert.Equal(
            here.Items.Select(o => (o.Digest, string.Join(' ', o.Tags), o.UploadedAt)),
            there.Items.Select(o => (o.Digest, string.Join(' ', o.Tags), o.UploadedAt)));
        Assert.Equal(Object, (await other.Objects.GetAsync(Digest.Of(Object), Stop))!.Value.ToArray());
    }
}
