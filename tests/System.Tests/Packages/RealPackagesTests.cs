using Relo.Archive.Tests.Fixtures;
using Relo.Core.Btf;

namespace Relo.SystemTests.Packages;

/// <summary>Debian's own packages of many architectures, as they are downloaded.</summary>
public sealed class RealPackagesTests
{
    // A kernel of a distribution has tens of thousands of types; the smallest here (cloud, s390x) has some sixty thousand.
    private const int MinTypes = 40_000;

    [Theory]
    [InlineData("linux-image-5.10.0-*-cloud-amd64_*.deb", "vmlinux in lz4 (legacy) in bzImage in deb", "x86_64", "11")]
    [InlineData("linux-image-6.1.0-*-cloud-amd64_*.deb", "vmlinux in lz4 (legacy) in bzImage in deb", "x86_64", "12")]
    [InlineData("linux-image-6.1.0-??-amd64_*.deb", "vmlinux in xz in bzImage in deb", "x86_64", "12")]
    [InlineData("linux-image-6.12.*+deb12-cloud-amd64_*.deb", "vmlinux in zstd in bzImage in deb", "x86_64", "12")]
    [InlineData("linux-binary-7.*+deb14-amd64_*.deb", "vmlinux in zstd in bzImage in deb", "x86_64", "14")]
    [InlineData("linux-image-6.1.0-*-cloud-arm64_*.deb", "kernel image in deb", "arm64", "12")]
    [InlineData("linux-binary-7.*+deb14-arm64_*.deb", "kernel image in deb", "arm64", "14")]
    [InlineData("linux-image-6.12.*+deb13-riscv64_*.deb", "kernel image in deb", "riscv64", "13")]
    [InlineData("linux-image-6.12.*+deb13-s390x_*.deb", "kernel image in zstd in kernel image in deb", "s390x", "13")]
    [InlineData("linux-binary-7.*+deb14-s390x_*.deb", "kernel image in zstd in kernel image in deb", "s390x", "14")]
    [InlineData("linux-image-6.12.*+deb13-powerpc64le_*.deb", "vmlinux in deb", "ppc64le", "13")]
    public void A_package_tells_everything_about_its_kernel(string pattern, string container, string arch, string version)
    {
        var path = FixtureFiles.Package(pattern);
        var read = Reading.Read(File.ReadAllBytes(path));
        var release = Path.GetFileName(path).Split('_')[0]["linux-image-".Length..].TrimStart('-');
        Assert.Equal((container, release, arch, "debian", version), (read.Container, read.Release, read.Arch, read.Distro, read.Version));
        var types = BtfReader.Read(read.Btf);
        Assert.True(types.Count > MinTypes, $"{types.Count} types");
        Assert.Equal(arch == "s390x", types.IsBigEndian);
    }

    // Debian's loong64 kernel is built without CONFIG_DEBUG_INFO_BTF; its EFI zboot is unpacked all the same to find that out.
    [Fact]
    public void A_kernel_without_BTF_is_refused_with_where_it_was_looked_for()
    {
        var reason = Reading.Refused(File.ReadAllBytes(FixtureFiles.Package("linux-binary-7.*+deb14-loong64_*.deb")));
        Assert.Contains("vmlinuz", reason);
        Assert.Contains("CONFIG_DEBUG_INFO_BTF", reason);
    }

    [Fact]
    public void An_empty_metapackage_names_the_package_that_has_the_kernel() =>
        Assert.Matches(@"contains no kernel: it only depends on linux-binary-7\.[0-9.]+\+deb14-s390x;",
            Reading.Refused(File.ReadAllBytes(FixtureFiles.Package("linux-image-7.*+deb14-s390x_*.deb"))));
}
