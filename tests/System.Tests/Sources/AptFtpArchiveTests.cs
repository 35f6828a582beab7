using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Sources;

/// <summary>A repository that apt-ftparchive made and gpg signed is synced; a changed one is refused with the reason.</summary>
public sealed class AptFtpArchiveTests(AptFtpArchiveTests.Packages packages) : IClassFixture<AptFtpArchiveTests.Packages>, IAsyncLifetime
{
    private const string Signed = "6.1.0-38-amd64", Backport = "6.12.9+deb13-amd64", Flavour = "6.1.0-38-cloud-amd64";
    private AptFtpArchive? _repository;
    private FileServer? _server;
    private SourceRun? _run;

    public async ValueTask InitializeAsync()
    {
        Tool.SkipUnlessInstalled(AptFtpArchive.Programs);
        (_repository, _server) = (packages.Built!.Copy(), await FileServer.StartAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_kernel_is_there_with_the_BTF_and_the_modules_of_its_package(bool isInline)
    {
        await PublishAsync(GpgHome.Owner, isInline);
        var (summary, lines) = await _run!.SyncAsync();
        Assert.Empty(summary.Faults);
        Assert.Equal((3, 3, 0, 0), (summary.Listed, summary.Fetched, summary.Refused, summary.Failed));
        Assert.All(lines, line => Assert.Contains(" added: ", line, StringComparison.Ordinal));
        Assert.Equal(
            new Dictionary<string, Digest>
            {
                ["debian/12/x86_64/" + Signed] = Digest.Of(ReleaseFiles.BtfOf(Signed)),
                ["debian/12/x86_64/" + Flavour] = Digest.Of(ReleaseFiles.BtfOf(Flavour)),
                ["debian/13/x86_64/" + Backport] = Digest.Of(ReleaseFiles.BtfOf(Backport)),
            },
            _run.Kernels);
        Assert.All(_run.Kernels.Keys, id => Assert.Equal(["tiny"], _run.ModulesOf(id)));
        Assert.Contains(_server!.Asked, path => path.Contains("/by-hash/SHA256/", StringComparison.Ordinal));

        _server.Asked.Clear();
        Assert.Equal((3, 0), ((await _run.SyncAsync()).Summary.Present, summary.Refused));
        Assert.DoesNotContain(_server.Asked, path => path.EndsWith(".deb", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_for_one_kernel_fetches_that_one()
    {
        await PublishAsync(GpgHome.Owner);
        var found = Assert.IsType<KernelFound>(await _run!.FindAsync(Backport));
        Assert.Equal(Digest.Of(ReleaseFiles.BtfOf(Backport)), found.Kernel.Btf);
        Assert.Equal(["debian/13/x86_64/" + Backport], _run.Kernels.Keys);
    }

    [Fact]
    public async Task An_index_with_a_changed_byte_is_refused()
    {
        await PublishAsync(GpgHome.Owner, damaged: _repository!.Index);
        await _run!.AssertNothingListedAsync("main/binary-amd64/Packages.xz", "its Release says");
    }

    [Theory]
    [InlineData(GpgHome.Stranger, true)]
    [InlineData(GpgHome.Stranger, false)]
    public async Task A_signature_by_another_key_is_refused(string who, bool isInline)
    {
        await PublishAsync(who, isInline);
        await _run!.AssertNothingListedAsync("Release", "its signature is not valid by a key of");
    }

    [Theory]
    [InlineData("InRelease", true)]
    [InlineData("Release", false)]
    public async Task A_Release_with_a_changed_byte_is_refused(string name, bool isInline)
    {
        await PublishAsync(GpgHome.Owner, isInline, Path.Combine(_repository!.Folder, "dists/bookworm", name));
        await _run!.AssertNothingListedAsync(name, "its signature is not valid by a key of");
    }

    [Fact]
    public async Task A_package_with_a_changed_byte_is_refused_and_the_others_are_there()
    {
        await PublishAsync(GpgHome.Owner, damaged: _repository!.PoolFile("linux-image-" + Flavour));
        var (summary, lines) = await _run!.SyncAsync();
        Assert.Equal((3, 2, 1, 0), (summary.Listed, summary.Fetched, summary.Refused, summary.Failed));
        var refused = Assert.Single(lines, line => line.Contains(" refused: ", StringComparison.Ordinal));
        Assert.Contains(Flavour, refused, StringComparison.Ordinal);
        Assert.Contains("the index says sha256:", refused, StringComparison.Ordinal);
        Assert.Equal(["debian/12/x86_64/" + Signed, "debian/13/x86_64/" + Backport], _run.Kernels.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Digest.Of(ReleaseFiles.BtfOf(Flavour)), _run.Stored);
    }

    private async Task PublishAsync(string who, bool isInline = true, string? damaged = null)
    {
        await _repository!.PublishAsync(packages.Keys!, who, isInline);
        if (damaged is not null) _repository.Damage(damaged);
        _server!.SendFolder("/debian", _repository.Folder);
        _run = await SourceRun.StartAsync(
            "apt", _server.Url + "/debian", ("Suites", "bookworm"), ("Architectures", "amd64"), ("Distro", "debian"),
            ("Keyring", packages.Keys!.Keyring));
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
        internal AptFtpArchive? Built { get; private set; }

        internal GpgHome? Keys { get; private set; }

        public async ValueTask InitializeAsync()
        {
            if (!Tool.AreInstalled(AptFtpArchive.Programs)) return; // each test skips
            (Built, Keys) = (new(), new());
            await AddAsync(Signed, "6.1.147-1");
            await AddAsync(Flavour, "6.1.147-1");
            await AddAsync(Backport, "6.12.9-1+deb13u1~rc2");
            await Built.AddAsync("linux-image-amd64", "6.1.147-1");
            await Built.AddAsync("linux-doc", "6.1.147-1", ("usr/share/doc/linux/x", ReleaseFiles.Padding));
        }

        private Task AddAsync(string release, string version)
        {
            var vmlinux = TinyElf.Vmlinux(
                ReleaseFiles.BtfOf(release), $"Linux version {release} (debian-kernel@lists.debian.org) (gcc-12) #1 SMP Debian {version} (2025-08-02)\n"
                    + new string('x', 5000));
            var module = ReleaseFiles.ModuleOf(release);
            return Built!.AddAsync(
                "linux-image-" + release, version, ($"boot/vmlinuz-{release}", TinyImage.BzImage(Pack.Xz(vmlinux), vmlinux.Length)),
                ($"lib/modules/{release}/kernel/fs/tiny.ko", module), ($"usr/share/doc/linux-image-{release}/x", ReleaseFiles.Padding));
        }

        public ValueTask DisposeAsync()
        {
            Keys?.Dispose();
            Built?.Dispose();
            return default;
        }
    }
}
