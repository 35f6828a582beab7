using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Sources;

/// <summary>A repository of repo-add with packages signed by gpg is synced; a changed one is refused with the reason.</summary>
public sealed class RepoAddTests(RepoAddTests.Packages packages) : IClassFixture<RepoAddTests.Packages>, IAsyncLifetime
{
    private const string Newest = "6.12.1-arch1-1", LongTerm = "6.6.63-1-lts", Of = "arch/local/x86_64/";
    private RepoAdd? _repository;
    private FileServer? _server;
    private SourceRun? _run;

    public async ValueTask InitializeAsync()
    {
        Tool.SkipUnlessInstalled(RepoAdd.Programs);
        (_repository, _server) = (packages.Built!.Copy(), await FileServer.StartAsync());
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("xz")]
    [InlineData("bz2")]
    public async Task Every_kernel_is_there_with_the_BTF_and_the_modules_of_its_package(string packing)
    {
        await PublishAsync(GpgHome.Owner, packing);
        var (summary, lines) = await _run!.SyncAsync();
        Assert.Empty(summary.Faults);
        Assert.All(lines, line => Assert.Contains(" added: ", line, StringComparison.Ordinal));
        Assert.Equal((2, 2, 0, 0), (summary.Listed, summary.Fetched, summary.Refused, summary.Failed));
        Assert.Equal(
            new[] { Newest, LongTerm }.ToDictionary(release => Of + release, release => Digest.Of(ReleaseFiles.BtfOf(release))),
            _run.Kernels);
        Assert.All(_run.Kernels.Keys, id => Assert.Equal(["tiny"], _run.ModulesOf(id)));

        _server!.Asked.Clear();
        Assert.Equal(2, (await _run.SyncAsync()).Summary.Present);
        Assert.DoesNotContain(_server.Asked, path => path.Contains(".pkg.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_for_one_kernel_fetches_that_one()
    {
        await PublishAsync(GpgHome.Owner);
        var found = Assert.IsType<KernelFound>(await _run!.FindAsync(LongTerm, "x86_64"));
        Assert.Equal(Digest.Of(ReleaseFiles.BtfOf(LongTerm)), found.Kernel.Btf);
        Assert.Equal([Of + LongTerm], _run.Kernels.Keys);
    }

    [Fact]
    public async Task Packages_signed_by_another_key_are_refused()
    {
        await PublishAsync(GpgHome.Stranger);
        var (summary, lines) = await _run!.SyncAsync();
        Assert.Equal((2, 0, 2), (summary.Listed, summary.Fetched, summary.Refused));
        Assert.All(lines, line => Assert.Contains("its signature is not valid by a key of", line, StringComparison.Ordinal));
        Assert.Empty(_run.Stored);

        // The mirror was being updated, or the keyring lacked a key.
        await _repository!.PublishAsync(packages.Keys!, GpgHome.Owner, "gz");
        _server!.SendFolder("/mirror", _repository.Folder);
        Assert.Equal(2, (await _run.SyncAsync()).Summary.Fetched);
    }

    [Fact]
    public async Task A_package_with_a_changed_byte_is_refused_and_the_others_are_there()
    {
        await PublishAsync(GpgHome.Owner, damaged: repository => repository.PackageFile("linux-lts"));
        var (summary, lines) = await _run!.SyncAsync();
        Assert.Equal((2, 1, 1, 0), (summary.Listed, summary.Fetched, summary.Refused, summary.Failed));
        Assert.Contains("the index says sha256:", Assert.Single(lines, line => line.Contains(" refused: ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.Equal([Of + Newest], _run.Kernels.Keys);
    }

    private async Task PublishAsync(string who, string packing = "gz", Func<RepoAdd, string>? damaged = null)
    {
        await _repository!.PublishAsync(packages.Keys!, who, packing);
        if (damaged is not null) CreateRepo.Damage(damaged(_repository));
        _server!.SendFolder("/mirror", _repository.Folder);
        _run = await SourceRun.StartAsync(
            "pacman", _server.Url + "/mirror/$repo/os/$arch", ("Suites", "core"), ("Architectures", "x86_64"), ("Distro", "arch"),
            ("Keyring", packages.Keys!.Keyring));
    }

    private static (string Path, byte[] Bytes)[] FilesOf(string release)
    {
        var vmlinux = TinyElf.Vmlinux(
            ReleaseFiles.BtfOf(release),
            $"Linux version {release} (linux@archlinux) (gcc) #1 SMP PREEMPT_DYNAMIC\n" + new string('x', 5000));
        return
        [
            ("vmlinuz", TinyImage.BzImage(Pack.Zstd(vmlinux), vmlinux.Length)), ("modules.order", ReleaseFiles.Padding),
            ("kernel/fs/tiny.ko.zst", Pack.Zstd(ReleaseFiles.ModuleOf(release))),
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
        internal RepoAdd? Built { get; private set; }

        internal GpgHome? Keys { get; private set; }

        public async ValueTask InitializeAsync()
        {
            if (!Tool.AreInstalled(RepoAdd.Programs)) return; // each test skips
            (Built, Keys) = (new(), new());
            await Built.AddAsync("linux", "6.12.1.arch1-1", Newest, FilesOf(Newest));
            await Built.AddAsync("linux-lts", "6.6.63-1", LongTerm, FilesOf(LongTerm));
        }

        public ValueTask DisposeAsync()
        {
            Keys?.Dispose();
            Built?.Dispose();
            return default;
        }
    }
}
