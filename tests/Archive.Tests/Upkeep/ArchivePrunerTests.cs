using Relo.Archive.Blobs;
using Relo.Archive.Objects;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upkeep;

public sealed class ArchivePrunerTests : IAsyncLifetime
{
    private static readonly byte[] Kept = TinyBtf.Of("kept"), Unused = TinyBtf.Of("unused"), Fetched = TinyBtf.Of("fetched"), Object =
        "an object"u8.ToArray();
    private TestArchive _archive = null!;

    public async ValueTask InitializeAsync()
    {
        _archive = await TestArchive.StartAsync();
        await _archive.AddAsync(Kept, "6.1.0-1-amd64");
        await _archive.AddAsync(Unused, "6.1.0-2-amd64");
        await _archive.SqlAsync("DELETE FROM Kernels WHERE Release = '6.1.0-2-amd64'");
        await _archive.Restart();
        await _archive.Store.AddAsync(
            Fetched, new("debian", "12", "x86_64", "6.1.0-3-amd64"), "upstream", replace: false, TestContext.Current.CancellationToken);
        await _archive.Store.AddAsync(
            Kept, new("debian", "12", "x86_64", "6.1.0-4-amd64"), "upstream", replace: false, TestContext.Current.CancellationToken);
        await _archive.Objects.PutAsync(Digest.Of(Object), Object, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task BTF_that_no_kernel_has_goes_and_nothing_else()
    {
        Assert.Equal(new(0, 1, 0, Unused.Length), await PruneAsync());
        Assert.Equal(DigestsOf(Kept, Fetched), _archive.Stored("btf"));
        Assert.Equal(3, _archive.Index.Count);
        Assert.Single(_archive.Stored("objects"));
        Assert.Equal(new(0, 0, 0, 0), await PruneAsync());
    }

    [Fact]
    public async Task What_was_fetched_goes_on_demand_but_not_BTF_that_another_kernel_has()
    {
        Assert.Equal(new(2, 2, 0, Unused.Length + Fetched.Length), await PruneAsync(upstream: true));
        Assert.Equal(DigestsOf(Kept), _archive.Stored("btf"));
        Assert.Equal("custom/local/x86_64/6.1.0-1-amd64", Assert.Single(_archive.Index.Matching(new())).Id);
    }

    [Fact]
    public async Task Objects_go_on_demand()
    {
        Assert.Equal(new(0, 1, 1, Unused.Length + Object.Length), await PruneAsync(objects: true));
        Assert.Empty(_archive.Stored("objects"));
        Assert.Null(await _archive.Objects.GetAsync(Digest.Of(Object), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Objects_with_a_tag_stay()
    {
        await _archive.Objects.PutAsync(Digest.Of("tagged"u8), "tagged"u8.ToArray(), "tracer", TestContext.Current.CancellationToken);
        Assert.Equal(new(0, 1, 1, Unused.Length + Object.Length), await PruneAsync(objects: true));
        Assert.Equal(Digest.Of("tagged"u8), Assert.Single(_archive.Stored("objects")));
    }

    [Fact]
    public async Task All_objects_go_although_one_turn_of_the_writer_removes_only_some()
    {
        for (byte i = 0; i < 101; i++) await _archive.Objects.PutAsync(Digest.Of([i]), new[] { i }, TestContext.Current.CancellationToken);
        Assert.Equal(102, (await PruneAsync(objects: true)).Objects);
        Assert.Empty(_archive.Stored("objects"));
        Assert.Equal(0, _archive.Get<ObjectTally>().Count);
    }

    [Fact]
    public async Task A_dry_run_says_the_same_and_removes_nothing()
    {
        var dry = await PruneAsync(dryRun: true, upstream: true, objects: true);
        Assert.Equal((3, 3, 1), (_archive.Index.Count, _archive.Stored("btf").Count, _archive.Stored("objects").Count));
        Assert.Equal(dry, await PruneAsync(upstream: true, objects: true));
        Assert.Equal((1, 1, 0), (_archive.Index.Count, _archive.Stored("btf").Count, _archive.Stored("objects").Count));
    }

    [Fact]
    public async Task Indexes_go_with_the_BTF_and_those_of_BTF_that_is_gone_go_too()
    {
        var indexes = _archive.Get<ArchiveFolders>().Indexes;
        foreach (var btf in new[] { Kept, Unused, Fetched }) _archive.Cache.Open(Digest.Of(btf))!.Dispose();
        indexes.Put(new(Digest.Of("gone"u8), null), "index"u8);
        indexes.Put(new(Digest.Of(Kept), Digest.Of("gone"u8)), "index"u8);
        var going = Unused.Length + Indexes(Unused) + ("index".Length * 2);
        Assert.Equal(new(0, 1, 0, going), await PruneAsync(dryRun: true));
        Assert.Equal(5, indexes.All().Count());
        Assert.Equal(new(0, 1, 0, going), await PruneAsync());
        Assert.Equal(new[] { Kept, Fetched }.Select(btf => new IndexName(Digest.Of(btf), null)).ToHashSet(), indexes.All().ToHashSet());

        long Indexes(byte[] btf) => indexes.SizeOf(new(Digest.Of(btf), null))!.Value;
    }

    [Fact]
    public async Task What_is_left_is_sound()
    {
        await PruneAsync(upstream: true, objects: true);
        await _archive.Restart();
        var report = await _archive.Get<ArchiveVerifier>().VerifyAsync(TestContext.Current.CancellationToken);
        Assert.Empty(report.Faults);
        Assert.Empty(report.Unused);
    }

    private Task<PruneSummary> PruneAsync(bool dryRun = false, bool upstream = false, bool objects = false) =>
        _archive.Get<ArchivePruner>().PruneAsync(new(dryRun, upstream, objects), TestContext.Current.CancellationToken);

    private static HashSet<Digest> DigestsOf(params byte[][] btf) => [.. btf.Select(b => Digest.Of(b))];

    public ValueTask DisposeAsync() => _archive.DisposeAsync();
}
