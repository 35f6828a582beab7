using Relo.Archive.Kernels;
using Relo.Archive.Sync;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upstream;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upstream.Apt;

/// <summary>A kernel that a repository of Debian's kind has is found by its release.</summary>
public sealed class AptSourceTests : IAsyncLifetime
{
    private const string Release = "6.1.0-38-amd64", Id = "debian/12/x86_64/" + Release;
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private FileServer _server = null!;
    private AptRepository _repository = null!;
    private TestArchive _archive = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FileServer.StartAsync();
        _repository = new(_server);
    }

    [Theory]
    [InlineData("xz", Release)]
    [InlineData("gzip", Id)]
    [InlineData("zstd", "Linux n 6.1.0-38-amd64 #1 SMP Debian 6.1.147-1 (2025-08-02) x86_64 GNU/Linux")]
    [InlineData("none", Release)]
    public async Task A_kernel_is_fetched_from_its_package(string packing, string asked)
    {
        _repository.Packing = packing;
        _repository.Add("linux-image-" + Release, AptRepository.Package(Release, Btf));
        _repository.Publish();
        await StartAsync();
        var found = Assert.IsType<KernelFound>(await FindAsync(asked));
        Assert.Equal((Id, Digest.Of(Btf), "upstream"), (found.Kernel.Id, found.Kernel.Btf, found.Kernel.Source));
        Assert.Contains(found.Explanation, step => step.StartsWith(
            "fetched pool/main/l/linux/linux-image-6.1.0-38-amd64_6.1.147-1_amd64.deb from the source debian: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_index_is_requested_by_its_digest_where_the_repository_offers_that_and_once()
    {
        _repository.Fields = "Acquire-By-Hash: yes\n";
        _repository.Add("linux-image-" + Release, AptRepository.Package(Release, Btf));
        _repository.Publish();
        await StartAsync();
        await FindAsync(Release);
        await FindAsync("6.1.0-39-amd64");
        Assert.Single(_server.Asked, path => path.Contains("/by-hash/SHA256/", StringComparison.Ordinal));
        Assert.DoesNotContain(_server.Asked, path => path.EndsWith("Packages.xz", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Modules_come_with_their_kernel_also_from_a_package_of_their_own()
    {
        var own = TinyElf.Module(TinyBtf.SplitOn(["int", "long"], "veth"), "veth", Release);
        var other = TinyElf.Module(TinyBtf.SplitOn(["int", "long"], "nlmon"), "nlmon", Release);
        _repository.Add("linux-binary-" + Release, AptRepository.Package(Release, Btf, ($"./lib/modules/{Release}/kernel/veth.ko", own)));
        _repository.Add("linux-modules-" + Release,
            AptRepository.Package("x", Btf, ($"./lib/modules/{Release}/kernel/nlmon.ko", other)));
        _repository.Publish();
        await StartAsync();
        var found = Assert.IsType<KernelFound>(await FindAsync(Release));
        Assert.Equal(["nlmon", "veth"], found.Kernel.Modules);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    public async Task Modules_that_cannot_be_fetched_are_noted_and_their_kernel_is_kept(int status)
    {
        var modules = $"pool/main/l/linux/linux-modules-{Release}_6.1.147-1_amd64.deb";
        _repository.Add("linux-image-" + Release, AptRepository.Package(Release, Btf));
        _repository.Add("linux-modules-" + Release, AptRepository.Package("x", Btf));
        _repository.Publish();
        _server.On("/debian/" + modules, http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await StartAsync();
        var list = await Assert.Single(_archive.Get<KernelSync>().Named("debian")).ListAsync(Stop);
        var file = await Assert.Single(list.Kernels).FetchAsync(Stop);
        Assert.Equal(Btf, file!.Kernel!.Btf.ToArray());
        Assert.StartsWith(modules + ": ", Assert.Single(file.Kernel.ModuleFaults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_BTF_is_fetched_again_without_the_modules()
    {
        _repository.Add("linux-image-" + Release, AptRepository.Package(Release, Btf));
        _repository.Add("linux-modules-" + Release, AptRepository.Package("x", Btf));
        _repository.Publish();
        await StartAsync();
        Assert.IsType<KernelFound>(await FindAsync(Release));
        File.WriteAllText(_archive.BtfPath(Digest.Of(Btf)), "something else");
        _server.Asked.Clear();
        Assert.Null(await _archive.Get<UpstreamRestore>().TryAsync(Digest.Of(Btf), Stop));
        Assert.Contains("linux-image-", Assert.Single(_server.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_modules_only_the_kernel_is_kept()
    {
        var module = TinyElf.Module(TinyBtf.SplitOn(["int", "long"], "veth"), "veth", Release);
        _repository.Add("linux-image-" + Release, AptRepository.Package(Release, Btf, ($"./lib/modules/{Release}/kernel/veth.ko", module)));
        _repository.Publish();
        await StartAsync(("Modules", "false"));
        Assert.Empty(Assert.IsType<KernelFound>(await FindAsync(Release)).Kernel.Modules);
    }

    [Fact]
    public async Task A_debug_package_is_used_only_if_the_kernel_itself_has_no_BTF_and_the_settings_allow_it()
    {
        var bare = TinyPackage.Deb("gzip", TinyPackage.Control, ($"./boot/config-{Release}", "# CONFIG_DEBUG_INFO_BTF is not set\n"u8.ToArray()),
            ("./usr/share/doc/x", new byte[1 << 20]), ($"./boot/vmlinuz-{Release}", TinyImage.Arm64(new byte[100])),
            ("./usr/share/doc/y", [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7919 >> 5))]));
        _repository.Add("linux-image-" + Release, [.. bare, .. new byte[100 << 10]]);
        _repository.Add($"linux-image-{Release}-dbg", Debug());
        _repository.Publish();
        await StartAsync();
        Assert.IsType<KernelUnavailable>(await FindAsync(Release));
        await _archive.DisposeAsync();
        await StartAsync(("Debug", "true"));
        Assert.Equal(Digest.Of(Btf), Assert.IsType<KernelFound>(await FindAsync(Release)).Kernel.Btf);
    }

    [Theory]
    [InlineData("ubuntu/22.04/x86_64/5.15.0-91-generic", "the source debian was not contacted: it serves debian, not ubuntu")]
    [InlineData("debian/12/arm64/6.1.0-38-arm64", "the source debian was not contacted: it does not serve arm64")]
    [InlineData("debian/12/x86_64/6.1.0-99-amd64", "the source debian does not have 6.1.0-99-amd64")]
    public async Task What_it_does_not_serve_or_have_is_said(string asked, string step)
    {
        _repository.Add("linux-image-" + Release, AptRepository.Package(Release, Btf));
        _repository.Publish();
        await StartAsync();
        Assert.Contains(step, Assert.IsType<KernelNotFound>(await FindAsync(asked)).Explanation);
    }

    [Fact]
    public async Task The_next_source_is_asked_for_what_the_first_lacks_or_cannot_send()
    {
        _repository.Publish([1, 2, 3], [1, 2, 4]); // another index than Release names
        await using var mirror = await Mirror.StartAsync();
        mirror.File(Id, Btf);
        await StartAsync(("Archive:Upstream:BaseUrl", mirror.Url));
        var found = Assert.IsType<KernelFound>(await FindAsync(Id));
        Assert.Contains(found.Explanation, step => step.Contains("from the source debian failed: ", StringComparison.Ordinal));
        Assert.Contains(found.Explanation, step => step.StartsWith($"fetched {Id}.btf.tar.xz from the upstream archive", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_a_source_that_may_have_the_kernel_fails_it_is_not_said_to_be_missing()
    {
        await using var mirror = await Mirror.StartAsync();
        await StartAsync(("Archive:Upstream:BaseUrl", mirror.Url), ("Url", "http://127.0.0.1:1/debian"));
        var unavailable = Assert.IsType<KernelUnavailable>(await FindAsync(Id));
        Assert.StartsWith("requesting dists/bookworm/InRelease from the source debian failed: it cannot be reached", unavailable.Reason,
            StringComparison.Ordinal);
    }

    private static byte[] Debug()
    {
        var padding = new byte[80 << 10];
        new Random(2).NextBytes(padding);
        return TinyPackage.Deb("gzip", TinyPackage.Control, ("./usr/share/doc/x", padding),
            ($"./usr/lib/debug/boot/vmlinux-{Release}", TinyElf.Vmlinux(Btf, $"Linux version {Release} (debian-kernel@lists.debian.org)")));
    }

    private async Task StartAsync(params (string Key, string Value)[] settings) =>
        _archive = await TestArchive.StartAsync(_repository.Settings(settings));

    private Task<KernelResolution> FindAsync(string kernel) => _archive.Finder.FindAsync(new(kernel), Stop);

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        await _server.DisposeAsync();
    }
}
