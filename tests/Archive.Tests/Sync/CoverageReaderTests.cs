using Relo.Archive.Kernels;
using Relo.Archive.Sync;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upstream;

namespace Relo.Archive.Tests.Sync;

/// <summary>The kernels that the archive lacks come page by page; the numbers are on every page.</summary>
public sealed class CoverageReaderTests : IAsyncLifetime
{
    private static readonly (string Distro, string Version, string Arch, string Release)[] Listed =
    [
        ("debian", "9", "x86_64", "4.9.0-1"), ("debian", "12", "arm64", "6.1.0-9"), ("debian", "12", "arm64", "6.1.0-10"),
        ("debian", "12", "arm64", "6.1.0-11"), ("debian", "12", "x86_64", "6.1.0-9"), ("ubuntu", "22.04", "x86_64", "5.15.0-1"),
    ];

    private TestArchive _archive = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SourceLedger Ledger => _archive.Get<SourceLedger>();

    public async ValueTask InitializeAsync()
    {
        _archive = await TestArchive.StartAsync();
        await Ledger.RecordListAsync("a", [.. Listed.Select(KernelOf)], isComplete: true, Stop);
        await Ledger.RecordTryAsync("a", KernelOf(Listed[3]), "it is no kernel", isRefused: true);
        await _archive.AddAsync(TinyBtf.Of("int"), "6.1.0-9", "x86_64", "debian", "12");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(1000)]
    public async Task Pages_of_any_size_list_each_lacking_kernel_once_and_failed_ones_first(int limit)
    {
        var found = new List<string>();
        LackingCursor? after = null;
        for (var page = 1; ; page++)
        {
            var coverage = await ReadAsync(limit, after);
            Assert.Equal([1, 3, 1, 1], coverage.Items.Select(item => item.Listed)); // 9 before 12
            Assert.Equal([0, 0, 1, 0], coverage.Items.Select(item => item.Here));
            string[] here = [.. coverage.Items.SelectMany(i => i.Lacking.Select(k => $"{i.Distro}/{i.Version}/{i.Arch}/{k.Release}"))];
            Assert.InRange(here.Length, 1, limit);
            found.AddRange(here);
            if (coverage.Next is null) break;
            Assert.True(LackingCursor.TryParse(coverage.Next, out after));
        }

        Assert.Equal(
            ["debian/9/x86_64/4.9.0-1", "debian/12/arm64/6.1.0-11", "debian/12/arm64/6.1.0-9", "debian/12/arm64/6.1.0-10",
                "ubuntu/22.04/x86_64/5.15.0-1"],
            found);
    }

    [Fact]
    public async Task A_page_continues_after_a_kernel_that_is_here_by_now()
    {
        var first = await ReadAsync(2, null);
        await _archive.AddAsync(TinyBtf.Of("int"), "6.1.0-11", "arm64", "debian", "12"); // the last of the page
        Assert.True(LackingCursor.TryParse(first.Next, out var after));
        var second = await ReadAsync(2, after);
        Assert.Equal(["6.1.0-9", "6.1.0-10"], second.Items.SelectMany(item => item.Lacking).Select(kernel => kernel.Release));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x!")]
    [InlineData("ZGViaWFu")]                 // debian
    [InlineData("aGVyZS9hL2IvYy9k")]         // here/a/b/c/d
    public void What_is_no_cursor_is_not_parsed(string text) => Assert.False(LackingCursor.TryParse(text, out _));

    private Task<Coverage> ReadAsync(int limit, LackingCursor? after) =>
        _archive.Get<CoverageReader>().ReadAsync(null, new KernelFilter(), limit, after, Stop);

    private static SourceKernel KernelOf((string Distro, string Version, string Arch, string Release) name) =>
        new ListedKernel(name.Distro, name.Version, name.Arch, name.Release);

    public ValueTask DisposeAsync() => _archive.DisposeAsync();

    private sealed record ListedKernel(string Distro, string? Version, string Arch, string Release)
        : SourceKernel(Distro, Version, Arch, Release)
    {
        public override string Path => Release;

        public override Task<SourceFile?> FetchAsync(CancellationToken ct) => Task.FromResult<SourceFile?>(null);
    }
}
