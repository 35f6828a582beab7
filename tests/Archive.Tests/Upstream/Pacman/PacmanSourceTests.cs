using System.Globalization;
using System.Text;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upstream.Pacman;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upstream.Pacman;

/// <summary>A kernel that a repository of Arch's kind has is found by its release; a hostile one is refused.</summary>
public sealed class PacmanSourceTests : IAsyncLifetime
{
    private const string Release = "6.12.1-arch1-1", Id = "arch/local/x86_64/" + Release;
    private const string File = "linux-6.12.1.arch1-1-x86_64.pkg.tar.zst", Folder = "/core/os/x86_64/", Database = Folder + "core.db";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");

    private FileServer _server = null!;
    private TestArchive? _archive;

    public async ValueTask InitializeAsync() => _server = await FileServer.StartAsync();

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("xz")]
    [InlineData("none")]
    public async Task A_kernel_is_fetched_from_its_package(string packing)
    {
        Publish(packing: packing);
        var found = Assert.IsType<KernelFound>(await FindAsync());
        Assert.Equal((Id, Digest.Of(Btf)), (found.Kernel.Id, found.Kernel.Btf));
        Assert.Contains(
            found.Explanation, step => step.StartsWith($"fetched {Folder[1..]}{File} from the source arch: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repository_without_a_database_does_not_hide_the_others()
    {
        Publish();
        Assert.IsType<KernelFound>(await FindAsync(("Archive:Upstream:Sources:0:Suites", "extra core")));
    }

    [Fact]
    public async Task A_package_with_another_checksum_is_not_read()
    {
        Publish(sha256: new string('0', 64));
        Assert.Contains("the index says sha256:0000", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_with_another_kernel_is_not_stored_under_its_name()
    {
        Publish(version: "6.12.2.arch1-1");
        Assert.Contains(
            "it contains the kernel 6.12.1-arch1-1, its name says 6.12.2-arch1-1",
            await RefusedAsync("6.12.2-arch1-1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GpgHome.Owner, null)]
    [InlineData(GpgHome.Stranger, "its signature is not valid by a key of")]
    [InlineData(null, "it has no signature")]
    public async Task With_a_keyring_a_package_needs_the_signature_of_its_owner(string? signer, string? fault)
    {
        Assert.SkipUnless(GpgHome.IsInstalled, "gpg is not installed");
        using var gpg = new GpgHome();
        var package = Publish();
        if (signer is not null) _server.Send(Folder + File + ".sig", gpg.Signature(signer, package));
        var keyring = ("Archive:Upstream:Sources:0:Keyring", gpg.Keyring);
        if (fault is null) Assert.IsType<KernelFound>(await FindAsync(keyring));
        else Assert.Contains(fault, await RefusedAsync(settings: keyring), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    public async Task A_path_that_leads_out_of_the_repository_is_refused(string file)
    {
        Publish(file: file);
        Assert.Contains("leads out of the repository", await RefusedAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Asked, asked => asked.Contains("passwd", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_package_without_a_checksum_is_refused()
    {
        Publish(sha256: "");
        Assert.Contains("the package linux lacks FILENAME, SHA256SUM or CSIZE", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_description_without_end_is_refused()
    {
        _server.Send(Database, Pack.Gzip(TinyPackage.Tar(("linux-6.12.1.arch1-1/desc", new byte[70 << 10]))));
        Assert.Contains("has 71680 bytes, at most 65536 are accepted", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_none_is_refused()
    {
        _server.Send(Database, "<html>not found</html>"u8.ToArray());
        Assert.Contains("the tar is truncated", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_unpacks_without_end_is_refused()
    {
        _server.Send(Database, Pack.Gzip(TinyPackage.Tar(("linux-6/files", new byte[40 << 20]))));
        Assert.Contains("decompresses to more than",
            await RefusedAsync(settings: ("Archive:Upstream:IndexBytes", "8000000")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_database_ends_at_its_limit()
    {
        _server.Flood(Database);
        Assert.Contains("it sends more than 8000000 bytes",
            await RefusedAsync(settings: ("Archive:Upstream:IndexBytes", "8000000")), StringComparison.Ordinal);
    }

    // The names of Arch's, Manjaro's and CachyOS's packages, and what uname -r says on them.
    [Theory]
    [InlineData("linux", "6.12.1.arch1-1", "6.12.1-arch1-1")]
    [InlineData("linux", "6.12.arch1-1", "6.12.0-arch1-1")]
    [InlineData("linux-lts", "6.6.63-1", "6.6.63-1-lts")]
    [InlineData("linux-zen", "6.12.1.zen1-1", "6.12.1-zen1-1-zen")]
    [InlineData("linux-hardened", "6.11.10.hardened1-1", "6.11.10-hardened1-1-hardened")]
    [InlineData("linux-cachyos", "6.12.1-2", "6.12.1-2-cachyos")]
    [InlineData("linux612", "6.12.1-3", "6.12.1-3-MANJARO")]
    [InlineData("linux-headers", "6.12.1.arch1-1", null)]
    [InlineData("linux-zen-headers", "6.12.1.zen1-1", null)]
    [InlineData("linux-firmware", "20241111.b5885ec5-1", null)]
    [InlineData("linux612-headers", "6.12.1-3", null)]
    [InlineData("bash", "5.2.037-1", null)]
    public void The_name_of_a_package_says_its_kernel(string name, string version, string? release) =>
        Assert.Equal(release, PacmanKernelName.ReleaseOf(name, version));

    private byte[] Publish(string packing = "gzip", string version = "6.12.1.arch1-1", string? sha256 = null, string file = File)
    {
        var padding = new byte[80 << 10];
        new Random(1).NextBytes(padding);
        var vmlinux = TinyElf.Vmlinux(Btf, $"Linux version {Release} (linux@archlinux) (gcc (GCC) 14.2.1) #1 SMP PREEMPT_DYNAMIC");
        var package = Pack.As("zstd", TinyPackage.Tar(
            (".PKGINFO", "pkgname = linux\narch = x86_64\n"u8.ToArray()), ($"usr/lib/modules/{Release}/vmlinuz", vmlinux),
            ("usr/share/doc/x", padding)));
        _server.Send(Folder + File, package);
        _server.Send(Database, Pack.As(packing, TinyPackage.Tar(
            ("bash-5.2.037-1/", []), ("bash-5.2.037-1/desc", "%NAME%\nbash\n"u8.ToArray()), ($"linux-{version}/", []),
            ($"linux-{version}/desc", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
                %FILENAME%
                {file}

                %NAME%
                linux

                %VERSION%
                {version}

                %CSIZE%
                {package.Length}

                %SHA256SUM%
                {sha256 ?? Digest.Of(package).Hex}

                %ARCH%
                x86_64

                %BUILDDATE%
                1732000000

                %PROVIDES%
                VIRTUALBOX-GUEST-MODULES
                WIREGUARD-MODULE

                """))))));
        return package;
    }

    private async Task<string> RefusedAsync(string asked = Release, params (string Key, string Value)[] settings)
    {
        var unavailable = Assert.IsType<KernelUnavailable>(await FindAsync(asked, settings));
        Assert.Equal(0, _archive!.Index.Count);
        return unavailable.Reason;
    }

    private Task<KernelResolution> FindAsync(params (string Key, string Value)[] settings) => FindAsync(Release, settings);

    private async Task<KernelResolution> FindAsync(string release, (string Key, string Value)[] settings)
    {
        _archive = await TestArchive.StartAsync([
            ("Archive:Upstream:Sources:0:Type", "pacman"), ("Archive:Upstream:Sources:0:Name", "arch"),
            ("Archive:Upstream:Sources:0:Url", _server.Url + "/$repo/os/$arch"), ("Archive:Upstream:Sources:0:Distro", "arch"),
            ("Archive:Upstream:Sources:0:Suites", "core"), ("Archive:Upstream:Sources:0:Architectures", "x86_64"), .. settings]);
        return await _archive.Finder.FindAsync(new(release, Arch: "x86_64"), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_archive is not null) await _archive.DisposeAsync();
        await _server.DisposeAsync();
    }
}
