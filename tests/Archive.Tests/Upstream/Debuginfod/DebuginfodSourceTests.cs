using System.Text;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upstream.Debuginfod;

/// <summary>A kernel is found by its build-id: its BTF alone, and its name from its banner.</summary>
public sealed class DebuginfodSourceTests : IAsyncLifetime
{
    private const string BuildId = "b8a1f0c9d2e34756a0b1c2d3e4f5061728394a5b", Section = $"/buildid/{BuildId}/section/";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private FileServer _server = null!;
    private TestArchive? _archive;

    public async ValueTask InitializeAsync() => _server = await FileServer.StartAsync();

    [Fact]
    public async Task A_build_id_leads_to_the_kernel()
    {
        _server.Send(Section + ".BTF", Btf);
        _server.Send(Section + ".rodata", Encoding.ASCII.GetBytes("\0\0Linux version %s\0\0" + TinyImage.Banner));
        var found = Assert.IsType<KernelFound>(await FindAsync("buildid:" + BuildId));
        Assert.Equal(("debian/12/x86_64/6.1.0-38-amd64", Digest.Of(Btf), BuildId), (found.Kernel.Id, found.Kernel.Btf, found.Kernel.BuildId));
        Assert.Equal([Section + ".BTF", Section + ".rodata"], _server.Asked);
        Assert.IsType<KernelFound>(await _archive!.Finder.FindAsync(new("6.1.0-38-amd64"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_that_the_server_does_not_have_is_missing()
    {
        var missing = Assert.IsType<KernelNotFound>(await FindAsync("buildid:" + BuildId));
        Assert.Contains($"the source debuginfod does not have buildid/{BuildId}/section/.BTF", missing.Explanation);
    }

    [Fact]
    public async Task A_release_is_not_asked_for()
    {
        await FindAsync("debian/12/x86_64/6.1.0-38-amd64");
        Assert.Empty(_server.Asked);
    }

    [Theory]
    [InlineData("no BTF", "Linux version 6.1.0-38-amd64 (x)", "it is not raw BTF")]
    [InlineData(null, "a program", "does not contain 'Linux version', so it is not a kernel")]
    [InlineData(null, null, "so the release is unknown")]
    public async Task What_is_no_kernel_is_refused(string? btf, string? text, string reason)
    {
        _server.Send(Section + ".BTF", btf is null ? Btf : Encoding.ASCII.GetBytes(btf));
        if (text is not null) _server.Send(Section + ".rodata", Encoding.ASCII.GetBytes(text));
        Assert.Contains(reason, Assert.IsType<KernelUnavailable>(await FindAsync("buildid:" + BuildId)).Reason, StringComparison.Ordinal);
    }

    private async Task<KernelResolution> FindAsync(string kernel)
    {
        _archive = await TestArchive.StartAsync(
            ("Archive:Upstream:Sources:0:Type", "debuginfod"), ("Archive:Upstream:Sources:0:Url", _server.Url));
        return await _archive.Finder.FindAsync(new(kernel), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_archive is not null) await _archive.DisposeAsync();
        await _server.DisposeAsync();
    }
}
