using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Sources;

/// <summary>A repository of rpmbuild and createrepo_c, signed by gpg, is synced; a changed one is refused with the reason.</summary>
public sealed class CreateRepoTests(CreateRepoTests.Packages packages) : IClassFixture<CreateRepoTests.Packages>, IAsyncLifetime
{
    private const string Older = "5.14.0-503.el9.x86_64", Newer = "5.14.0-570.12.1.el9_6.x86_64", Of = "rocky/9/x86_64/";
    private CreateRepo? _repository;
    private FileServer? _server;
    private SourceRun? _run;

    public async ValueTask InitializeAsync()
    {
        Tool.SkipUnlessInstalled(CreateRepo.Programs);
        (_repository, _server) = (packages.Built!.Copy(), await FileServer.StartAsync());
    }

    [Theory]
    [InlineData("gz", ".xml.gz")]
    [InlineData("xz", ".xml.xz")]
    [InlineData("bz2", ".xml.bz2")]
    [InlineData("zstd", ".xml.zst")]
    public async Task Every_kernel_is_there_with_the_BTF_and_the_modules_of_its_packages(string packing, string end)
    {
        await PublishAsync(GpgHome.Owner, packing);
        var (summary, lines) = await _run!.SyncAsync();
        Assert.Empty(summary.Faults);
        Assert.Equal((2, 2, 0, 0), (summary.Listed, summary.Fetched, summary.Refused, summary.Failed));
        Assert.All(lines, line => Assert.Contains(" added: ", line, StringComparison.Ordinal));
        Assert.Equal(
            new Dictionary<string, Digest> { [Of + Older] = Digest.Of(ReleaseFiles.BtfOf(Older)), [Of + Newer] = Digest.Of(ReleaseFiles.BtfOf(Newer)) },
            _run.Kernels);
        Assert.All(_run.Kernels.Keys, id => Assert.Equal(["tiny"], _run.ModulesOf(id)));
        Assert.Contains(_server!.Asked, path => path.EndsWith("primary" + end, StringComparison.Ordinal));

        _server.Asked.Clear();
        Assert.Equal(2, (await _run.SyncAsync()).Summary.Present);
        Assert.DoesNotContain(_server.Asked, path => path.EndsWith(".rpm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_for_one_kernel_fetches_that_one()
    {
        await PublishAsync(GpgHome.Owner);
        var found = Assert.IsType<KernelFound>(await _run!.FindAsync(Newer));
        Assert.Equal(Digest.Of(ReleaseFiles.BtfOf(Newer)), found.Kernel.Btf);
        Assert.Equal([Of + Newer], _run.Kernels.Keys);
    }

    [Fact]
    public async Task An_index_with_a_changed_byte_is_refused()
    {
        await PublishAsync(GpgHome.Owner, damaged: repository => repository.Primary);
        await _run!.AssertNothingListedAsync("primary.xml.gz", "the index says sha256:");
    }

    [Fact]
    public async Task Metadata_with_a_changed_byte_is_refused()
    {
        await PublishAsync(GpgHome.Owner, damaged: repository => repository.Repomd);
        await _run!.AssertNothingListedAsync("repodata/repomd.xml", "its signature is not valid by a key of");
    }

    [Fact]
    public async Task A_signature_by_another_key_is_refused()
    {
        await PublishAsync(GpgHome.Stranger);
        await _run!.AssertNothingListedAsync("repodata/repomd.xml", "its signature is not valid by a key of");
    }

    [Fact]
    public async Task A_package_with_a_changed_byte_is_refused_and_the_others_are_there()
    {
        await PublishAsync(GpgHome.Owner, damaged: repository => repository.PackageFile("kernel-core-" + Older));
        var (summary, lines) = await _run!.SyncAsync();
        Assert.Equal((2, 1, 1, 0), (summary.Listed, summary.Fetched, summary.Refused, summary.Failed));
        var refused = Assert.Single(lines, line => line.Contains(" refused: ", StringComparison.Ordinal));
        Assert.Contains(Older, refused, StringComparison.Ordinal);
        Assert.Contains("the index says sha256:", refused, StringComparison.Ordinal);
        Assert.Equal([Of + Newer], _run.Kernels.Keys);
        Assert.DoesNotContain(Digest.Of(ReleaseFiles.BtfOf(Older)), _run.Stored);
    }

    private async Task PublishAsync(string who, string packing = "gz", Func<CreateRepo, string>? damaged = null)
    {
        await _repository!.PublishAsync(packages.Keys!, who, packing);
        if (damaged is not null) CreateRepo.Damage(damaged(_repository));
        _server!.SendFolder("/rocky", _repository.Folder);
        _run = await SourceRun.StartAsync(
            "dnf", _server.Url + "/rocky", ("Architectures", "x86_64"), ("Distro", "rocky"), ("Keyring", packages.Keys!.Keyring));
    }

    private static (string Path, byte[] Bytes)[] FilesOf(string release)
    {
        var vmlinux = TinyElf.Vmlinux(
            ReleaseFiles.BtfOf(release), $"Linux version {release} (mockbuild@iad1-prod-build001.bld.equ.rockylinux.org) (gcc) #1 SMP\n"
                + new string('x', 5000));
        return
        [
            ("vmlinuz", TinyImage.BzImage(Pack.Gzip(vmlinux), null)), ("System.map", ReleaseFiles.Padding),
            ("kernel/fs/tiny.ko", ReleaseFiles.ModuleOf(release)),
            ("kernel/padding", ReleaseFiles.Padding),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        if (_run is not null) await _run.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _repository?.Dispose();
    }

    /// <summary>The packages and keys, made once.</summary>
    public sealed class Packages : IAsyncLifetime
    {
        internal CreateRepo? Built { get; private set; }

        internal GpgHome? Keys { get; private set; }

        public async ValueTask InitializeAsync()
        {
            if (!Tool.AreInstalled(CreateRepo.Programs)) return; // each test skips
            (Built, Keys) = (new(), new());
            await Built.AddAsync("5.14.0", "503.el9", "w2.xzdio", FilesOf(Older));
            await Built.AddAsync("5.14.0", "570.12.1.el9_6", "w3.zstdio", FilesOf(Newer));
        }

        public ValueTask DisposeAsync()
        {
            Keys?.Dispose();
            Built?.Dispose();
            return default;
        }
    }
}
