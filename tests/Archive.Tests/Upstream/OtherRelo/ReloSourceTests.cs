using System.Text;
using Relo.Archive.Kernels;
using Relo.Archive.Sync;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upstream.OtherRelo;

/// <summary>Another Relo is asked for what it has, by its list and by digest.</summary>
public sealed class ReloSourceTests : IAsyncLifetime
{
    private const string Release = "6.1.0-38-amd64", Id = "debian/12/x86_64/" + Release;
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private FileServer _server = null!;
    private TestArchive? _archive;

    public async ValueTask InitializeAsync()
    {
        _server = await FileServer.StartAsync();
        _server.Send("/v1/btf/" + Digest.Of(Btf).Hex, Btf);
    }

    [Fact]
    public async Task A_kernel_of_its_list_is_fetched_by_digest()
    {
        List(Kernel());
        var found = Assert.IsType<KernelFound>(await FindAsync());
        Assert.Equal((Id, Digest.Of(Btf)), (found.Kernel.Id, found.Kernel.Btf));
        Assert.DoesNotContain(_server.Asked, path => path.Contains("resolve", StringComparison.Ordinal)); // which would ask in a circle
    }

    [Fact]
    public async Task Other_bytes_are_refused()
    {
        List(Kernel());
        _server.Send("/v1/btf/" + Digest.Of(Btf).Hex, TinyBtf.Of("other"));
        var unavailable = Assert.IsType<KernelUnavailable>(await FindAsync());
        Assert.Contains($"the list says {Digest.Of(Btf)}", unavailable.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wait_for_the_bandwidth_does_not_count_as_the_sources_time()
    {
        var large = TinyBtf.Of([.. Enumerable.Range(0, 5000).Select(i => $"t{i}")]); // 110 KB
        List(Kernel().Replace(Digest.Of(Btf).ToString(), Digest.Of(large).ToString(), StringComparison.Ordinal));
        _server.Send("/v1/btf/" + Digest.Of(large).Hex, large);
        await StartAsync(("Archive:Upstream:Timeout", "00:00:01"), ("Archive:Upstream:BytesPerSecond", "60000"));
        Assert.IsType<KernelFound>(await _archive!.Finder.FindAsync(new(Id), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("""{"items":[{"distro":"../..","version":"1","arch":"x","release":"1","btf":"00","addedAt":"2026-01-01"}]}""")]
    [InlineData("""{"items":[{"distro":"a","version":"1","arch":"x","release":"1","btf":"00","addedAt":"2026-01-01"}]}""")]
    public async Task What_is_no_list_is_refused(string json)
    {
        _server.Send("/v1/kernels", Encoding.UTF8.GetBytes(json));
        Assert.Contains("it is not a list of kernels", Assert.IsType<KernelUnavailable>(await FindAsync()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_pages_of_its_list_are_synced()
    {
        _server.Send("/v1/kernels", Page(Kernel("6.1.0-39-amd64"), null));
        _server.Send("/v1/kernels?limit=1000", Page(Kernel(), "next"));
        await StartAsync();
        var sync = _archive!.Get<KernelSync>();
        var summary = await sync.RunAsync(Assert.Single(sync.Named("other")), new(), null, TestContext.Current.CancellationToken);
        Assert.Equal((2, 2), (summary.Listed, summary.Fetched));
    }

    private static string Kernel(string release = Release) => $$"""
        {"id":"debian/12/x86_64/{{release}}","distro":"debian","version":"12","arch":"x86_64","release":"{{release}}","btf":"{{Digest.Of(Btf)}}",
         "btfSizeBytes":1,"source":"import","addedAt":"2026-11-01T00:00:00Z","modules":[]}
        """;

    private static byte[] Page(string kernel, string? next) =>
        Encoding.UTF8.GetBytes($$"""{"items":[{{kernel}}],"next":{{(next is null ? "null" : $"\"{next}\"")}}}""");

    private void List(string kernel) => _server.Send("/v1/kernels", Page(kernel, null));

    private async Task StartAsync(params (string Key, string Value)[] settings) => _archive = await TestArchive.StartAsync(
        [
            ("Archive:Upstream:Sources:0:Type", "relo"), ("Archive:Upstream:Sources:0:Name", "other"),
            ("Archive:Upstream:Sources:0:Url", _server.Url), .. settings,
        ]);

    private async Task<KernelResolution> FindAsync()
    {
        await StartAsync();
        return await _archive!.Finder.FindAsync(new(Id), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_archive is not null) await _archive.DisposeAsync();
        await _server.DisposeAsync();
    }
}
