using System.Globalization;
using System.Text;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upstream.Dnf;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Upstream.Dnf;

/// <summary>A kernel that a repository of Fedora's kind has is found by its release; a hostile one is refused.</summary>
public sealed class DnfSourceTests : IAsyncLifetime
{
    private const string Release = "5.14.0-503.el9.x86_64", Id = "rocky/9/x86_64/" + Release;
    private const string Path = "Packages/k/kernel-core-5.14.0-503.el9.x86_64.rpm";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private static readonly Dictionary<int, string> Tags = new()
    {
        [1000] = "kernel-core",
        [1001] = "5.14.0",
        [1002] = "503.el9",
        [1011] = "Rocky Enterprise Software Foundation",
        [1022] = "x86_64",
    };

    private FileServer _server = null!;
    private TestArchive? _archive;

    public async ValueTask InitializeAsync() => _server = await FileServer.StartAsync();

    [Theory]
    [InlineData("gzip", Release)]
    [InlineData("zstd", Id)]
    [InlineData("xz", "Linux n 5.14.0-503.el9.x86_64 #1 SMP PREEMPT_DYNAMIC x86_64 x86_64 x86_64 GNU/Linux")]
    public async Task A_kernel_is_fetched_from_its_package(string packing, string asked)
    {
        Publish(packing);
        var found = Assert.IsType<KernelFound>(await FindAsync(asked));
        Assert.Equal((Id, Digest.Of(Btf)), (found.Kernel.Id, found.Kernel.Btf));
        Assert.Contains(found.Explanation, step => step.StartsWith($"fetched {Path} from the source rocky: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_package_with_another_checksum_is_not_read()
    {
        Publish(checksum: new string('0', 64));
        Assert.Contains("the index says sha256:0000", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_with_another_checksum_is_not_read()
    {
        Publish();
        var primary = _server.Asked;
        _server.Send("/repodata/primary.xml", Pack.Gzip("<metadata/>"u8.ToArray()));
        Assert.Contains("the index says sha256:", await RefusedAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(primary);
    }

    [Fact]
    public async Task A_weak_checksum_proves_nothing()
    {
        Publish(checksumType: "sha");
        Assert.Contains("its checksum is sha, expected sha256", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><metadata>&b;</metadata>", "it is not XML")]
    [InlineData("<metadata><package><name>", "it is not XML")]
    [InlineData("not xml", "it is not XML")]
    public async Task An_index_with_entities_or_without_an_end_is_refused(string xml, string reason)
    {
        Publish(xml: xml);
        Assert.Contains(reason, await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_that_unpacks_without_end_is_refused()
    {
        Publish(xml: "<metadata>" + string.Concat(Enumerable.Repeat("<a/>", 10 << 20)));
        Assert.Contains("decompresses to more than", await RefusedAsync(("Archive:Upstream:IndexBytes", "8000000")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    public async Task A_path_that_leads_out_of_the_repository_is_refused(string path)
    {
        Publish(path: path);
        Assert.Contains("leads out of the repository", await RefusedAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Asked, asked => asked.Contains("passwd", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("kernel-core", "6.11.4", "301.fc41", "x86_64", "Kernel 6.11.4-301.fc41.x86_64")]
    [InlineData("kernel", "3.10.0", "1160.el7", "x86_64", "Kernel 3.10.0-1160.el7.x86_64")]
    [InlineData("kernel-64k-core", "5.14.0", "503.el9", "aarch64", "Kernel 5.14.0-503.el9.aarch64+64k")]
    [InlineData("kernel-rt-core", "5.14.0", "70.13.1.rt21.83.el9_0", "x86_64", "Kernel 5.14.0-70.13.1.rt21.83.el9_0.x86_64")]
    [InlineData("kernel-uek", "5.15.0", "208.159.3.el9uek", "x86_64", "Kernel 5.15.0-208.159.3.el9uek.x86_64")]
    [InlineData("kernel-uek-core", "6.12.0", "1.el10uek", "x86_64", "Kernel 6.12.0-1.el10uek.x86_64")]
    [InlineData("kernel-default", "6.4.0", "150600.23.7.3", "x86_64", "Kernel 6.4.0-150600.23.7-default")]
    [InlineData("kernel-default-debuginfo", "6.4.0", "150600.23.7.3", "x86_64", "Debug 6.4.0-150600.23.7-default")]
    [InlineData("kernel-debuginfo", "6.11.4", "301.fc41", "x86_64", "Debug 6.11.4-301.fc41.x86_64")]
    [InlineData("kernel-modules-core", "6.11.4", "301.fc41", "x86_64", "Modules 6.11.4-301.fc41.x86_64")]
    [InlineData("kernel-headers", "6.11.4", "301.fc41", "x86_64", null)]
    [InlineData("kernel-tools", "6.11.4", "301.fc41", "x86_64", null)]
    [InlineData("bash", "5.2", "1.fc41", "x86_64", null)]
    public void The_name_of_a_package_says_its_kernel(string name, string version, string build, string arch, string? expected)
    {
        var read = RpmKernelName.TryParse(name, version, build, arch);
        Assert.Equal(expected, read is null ? null : $"{read.Kind} {read.Release}");
    }

    private async Task<string> RefusedAsync(params (string Key, string Value)[] settings)
    {
        var unavailable = Assert.IsType<KernelUnavailable>(await FindAsync(Release, settings));
        Assert.Equal(0, _archive!.Index.Count);
        return unavailable.Reason;
    }

    private void Publish(
        string packing = "gzip", string? checksum = null, string checksumType = "sha256", string path = Path, string? xml = null)
    {
        var padding = new byte[80 << 10];
        new Random(1).NextBytes(padding);
        var package = TinyPackage.Rpm("gzip", Tags, ($"./lib/modules/{Release}/vmlinuz",
            TinyElf.Vmlinux(Btf, $"Linux version {Release} (mockbuild@iad1-prod-build001.bld.equ.rockylinux.org)")), ("./usr/share/doc/x", padding));
        _server.Send("/" + path, package);
        var primary = Pack.As(packing, Encoding.UTF8.GetBytes(xml ?? string.Create(CultureInfo.InvariantCulture, $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <metadata xmlns="http://linux.duke.edu/metadata/common" packages="2">
            <package type="rpm"><name>bash</name><arch>x86_64</arch><summary>x</summary><location href="b.rpm"/></package>
            <package type="rpm"><name>kernel-core</name><arch>x86_64</arch><version epoch="0" ver="5.14.0" rel="503.el9"/>
              <checksum type="{checksumType}" pkgid="YES">{checksum ?? Digest.Of(package).Hex}</checksum><summary>The Linux kernel</summary>
              <time file="1730000000" build="1720000000"/><size package="{package.Length}" installed="1" archive="1"/><location href="{path}"/>
              <format><rpm:vendor xmlns:rpm="http://linux.duke.edu/metadata/rpm">Rocky</rpm:vendor></format></package>
            </metadata>
            """)));
        _server.Send("/repodata/primary.xml", primary);
        _server.Send("/repodata/repomd.xml", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>1</revision>
            <data type="filelists"><checksum type="sha256">00</checksum><location href="repodata/filelists.xml.gz"/><size>1</size></data>
            <data type="primary"><checksum type="sha256">{Digest.Of(primary).Hex}</checksum><open-checksum type="sha256">00</open-checksum>
            <location href="repodata/primary.xml"/><size>{primary.Length}</size><open-size>1</open-size></data></repomd>
            """)));
    }

    private async Task<KernelResolution> FindAsync(string kernel, params (string Key, string Value)[] settings)
    {
        _archive = await TestArchive.StartAsync([
            ("Archive:Upstream:Sources:0:Type", "dnf"), ("Archive:Upstream:Sources:0:Name", "rocky"),
            ("Archive:Upstream:Sources:0:Url", _server.Url), ("Archive:Upstream:Sources:0:Distro", "rocky"),
            ("Archive:Upstream:Sources:0:Architectures", "x86_64"), .. settings]);
        return await _archive.Finder.FindAsync(new(kernel), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_archive is not null) await _archive.DisposeAsync();
        await _server.DisposeAsync();
    }
}
