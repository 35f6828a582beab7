using Relo.Archive.Export;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Upstream;

/// <summary>Several nodes on one PostgreSQL ask the upstream for a kernel once.</summary>
public sealed class UpstreamNodesTests : IAsyncDisposable
{
    private const string Id = "ubuntu/20.04/x86_64/5.4.0-91-generic";
    private static readonly byte[] Tarball = BtfTarball.Write("5.4.0-91-generic", TinyBtf.Of("int", "long"));

    private readonly List<TestArchive> _nodes = [];
    private Mirror _mirror = null!;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_requests_to_three_nodes_one_fetches()
    {
        await StartAsync(3);
        _mirror.On(Id, async http =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), http.RequestAborted);
            await http.Response.Body.WriteAsync(Tarball, http.RequestAborted);
        });
        var found = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => FindAsync(_nodes[i % 3]), Patience)));
        Assert.All(found, resolution => Assert.IsType<KernelFound>(resolution));
        Assert.Single(_mirror.Asked);
    }

    [Fact]
    public async Task If_the_node_that_fetches_ends_the_next_one_fetches()
    {
        await StartAsync(2);
        _mirror.On(Id, async http =>
        {
            if (_mirror.Asked.Count == 1) await Task.Delay(Timeout.Infinite, http.RequestAborted);
            else await http.Response.Body.WriteAsync(Tarball, http.RequestAborted);
        });
        var first = Task.Run(() => FindAsync(_nodes[0]), Patience);
        while (_mirror.Asked.IsEmpty) await Task.Delay(20, Patience);
        var second = Task.Run(() => FindAsync(_nodes[1]), Patience);
        await Task.Delay(500, Patience);
        Assert.Single(_mirror.Asked); // the second waits
        await _nodes[0].Reset(_nodes[0].Root);
        Assert.IsType<KernelFound>(await second);
        Assert.Equal(2, _mirror.Asked.Count);
        await Record.ExceptionAsync(() => first);
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _nodes.Count - 1; i >= 0; i--) await _nodes[i].DisposeAsync();
        if (_mirror is not null) await _mirror.DisposeAsync();
    }

    private async Task StartAsync(int count)
    {
        TestDatabase.SkipUnlessPostgres();
        _mirror = await Mirror.StartAsync();
        for (var i = 0; i < count; i++)
        {
            _nodes.Add(TestArchive.Prepare(("Archive:Upstream:BaseUrl", _mirror.Url)));
            await _nodes[i].Restart(_nodes[0].Root);
        }
    }

    private static Task<KernelResolution> FindAsync(TestArchive node) => node.Finder.FindAsync(new(Id), Patience);
}
