using Relo.Archive.Kernels;
using Relo.Archive.Sync;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upstream.Apt;

/// <summary>Two versions of Ubuntu have kernels of the same release, with different BTF.</summary>
public sealed class UbuntuSuitesTests : IAsyncLifetime
{
    private const string Release = "6.8.0-45-generic", Id = "ubuntu/22.04/x86_64/" + Release;
    private static readonly byte[] Noble = TinyBtf.Of("int", "noble"), Jammy = TinyBtf.Of("int", "jammy");
    private FileServer _server = null!;
    private TestArchive? _archive;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await FileServer.StartAsync();

    [Theory]
    [InlineData(Id)]
    [InlineData("Linux n 6.8.0-45-generic #45~22.04.1-Ubuntu SMP PREEMPT_DYNAMIC x86_64 x86_64 x86_64 GNU/Linux")]
    public async Task A_source_that_has_another_versions_kernel_is_passed_over(string asked)
    {
        (string Key, string Value)[] second =
            [.. Suite("jammy", "22.04", Jammy).Select(s => (s.Key.Replace(":0:", ":1:", StringComparison.Ordinal), s.Value))];
        _archive = await TestArchive.StartAsync([.. Suite("noble", "24.04", Noble), .. second]);
        var found = Assert.IsType<KernelFound>(await _archive.Finder.FindAsync(new(asked), Stop));
        Assert.Equal((Id, Digest.Of(Jammy)), (found.Kernel.Id, found.Kernel.Btf));
        Assert.DoesNotContain("/debian/pool/noble.deb", _server.Asked);
    }

    [Fact]
    public async Task A_miss_of_one_version_is_not_one_of_another()
    {
        _archive = await TestArchive.StartAsync(Suite("noble", "24.04", Noble));
        Assert.IsType<KernelNotFound>(await _archive.Finder.FindAsync(new(Id), Stop));
        Assert.IsType<KernelFound>(await _archive.Finder.FindAsync(new("ubuntu/24.04/x86_64/" + Release), Stop));
    }

    [Fact]
    public async Task The_kernels_of_two_suites_of_one_source_stay_two()
    {
        Suite("jammy", "22.04", Jammy);
        _archive = await TestArchive.StartAsync(
            [.. Suite("noble", "24.04", Noble), ("Archive:Upstream:Sources:0:Suites", "noble jammy")]);
        var list = await Assert.Single(_archive.Get<KernelSync>().Named("noble")).ListAsync(Stop);
        Assert.Equal(["22.04", "24.04"], list.Kernels.Select(kernel => kernel.Version).Order());
        var found = Assert.IsType<KernelFound>(await _archive.Finder.FindAsync(new(Id), Stop));
        Assert.Equal(Digest.Of(Jammy), found.Kernel.Btf);
    }

    // Publishes a suite with one kernel; the settings of a source for it.
    private (string Key, string Value)[] Suite(string name, string version, byte[] btf)
    {
        var suite = new AptRepository(_server) { Suite = name, Version = version };
        suite.Add("linux-image-" + Release, AptRepository.Package(Release, btf), $"pool/{name}.deb");
        suite.Publish();
        return suite.Settings(("Name", name), ("Distro", "ubuntu"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_archive is not null) await _archive.DisposeAsync();
        await _server.DisposeAsync();
    }
}
