using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Resolution;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Resolution;

/// <summary>
/// os-release beside a release: of the kernel's own distribution, of one derived from it, or of a container on another system's kernel.
/// </summary>
public sealed class UserLandTests
{
    private static readonly KernelResolver Resolver = new(new KernelIndex(
        new[]
        {
            "ubuntu/20.04/x86_64/5.15.0-91-generic", "ubuntu/22.04/x86_64/5.15.0-91-generic", "debian/12/x86_64/6.1.0-38-amd64",
            "rhel/8/x86_64/4.18.0-477.27.1.el8_8.x86_64",
            "sles/15.3/x86_64/5.3.18-150300.59.93-default", "amzn/2023/x86_64/6.1.82-99.168.amzn2023.x86_64",
            "ubuntu/22.04/x86_64/6.5.0-14-generic",
        }.Select((id, i) => id.Split('/') is var p
            ? new Kernel(id, p[0], p[1], p[2], p[3], Digest.Of([(byte)i]), 100, "import", DateTimeOffset.UnixEpoch, [])
            : null!)));

    [Theory]
    [InlineData("ID=ubuntu\nVERSION_ID=\"22.04\"\n5.15.0-91-generic", "ubuntu/22.04/x86_64/5.15.0-91-generic")]
    [InlineData("5.15.0-91-generic\nID=ubuntu\nVERSION_ID=\"20.04\"", "ubuntu/20.04/x86_64/5.15.0-91-generic")]
    [InlineData("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\nVERSION_ID=\"21.1\"\nUBUNTU_CODENAME=jammy\n5.15.0-91-generic", "ubuntu/22.04/x86_64/5.15.0-91-generic")]
    [InlineData("ID=linuxmint\nVERSION_ID=\"20.3\"\n5.15.0-91-generic", "ubuntu/20.04/x86_64/5.15.0-91-generic")]
    [InlineData("ID=linuxmint\nID_LIKE=debian\nVERSION_ID=\"6\"\n6.1.0-38-amd64", "debian/12/x86_64/6.1.0-38-amd64")] // Mint made of Debian
    [InlineData("ID=nobody_knows\nID_LIKE=ubuntu\nVERSION_ID=3\nUBUNTU_CODENAME=focal\n5.15.0-91-generic", "ubuntu/20.04/x86_64/5.15.0-91-generic")]
    [InlineData("ID=devuan\nVERSION_ID=5\n6.1.0-38-amd64", "debian/12/x86_64/6.1.0-38-amd64")]
    [InlineData("ID=\"rhcos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"4.12\"\nRHEL_VERSION=\"8.8\"\n4.18.0-477.27.1.el8_8.x86_64", "rhel/8/x86_64/4.18.0-477.27.1.el8_8.x86_64")]
    [InlineData("ID=rocky\nVERSION_ID=8.8\n4.18.0-477.27.1.el8_8.x86_64", "rhel/8/x86_64/4.18.0-477.27.1.el8_8.x86_64")]
    [InlineData("ID=\"sles_sap\"\nID_LIKE=\"suse\"\nVERSION_ID=\"15.3\"\n5.3.18-150300.59.93-default", "sles/15.3/x86_64/5.3.18-150300.59.93-default")]
    [InlineData("ID=opensuse-leap\nVERSION_ID=\"15.3\"\n5.3.18-150300.59.93-default", "sles/15.3/x86_64/5.3.18-150300.59.93-default")] // one build for both since 15.3
    [InlineData("ID=alpine\nVERSION_ID=3.19\n6.1.82-99.168.amzn2023.x86_64", "amzn/2023/x86_64/6.1.82-99.168.amzn2023.x86_64")] // a container: the release says whose kernel it is
    [InlineData("ID=debian\nVERSION_ID=12\n4.18.0-477.27.1.el8_8.x86_64", "rhel/8/x86_64/4.18.0-477.27.1.el8_8.x86_64")]
    [InlineData("5.15.0-91-generic #101~20.04.1-Ubuntu SMP Thu Nov 16 14:22:28 UTC 2023\nID=alpine\nVERSION_ID=3.19.1", "ubuntu/20.04/x86_64/5.15.0-91-generic")] // or its own words
    [InlineData("5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023\nID=ubuntu\nVERSION_ID=20.04", "ubuntu/22.04/x86_64/5.15.0-91-generic")]
    public void The_kernel_is_found(string text, string id) =>
        Assert.Equal(id, Assert.IsType<KernelFound>(Resolver.Resolve(new(text))).Kernel.Id);

    [Theory]
    [InlineData("ID=alpine\nVERSION_ID=3.19\n6.5.0-14-generic", "the archive has 6.5.0-14-generic as ubuntu/22.04/x86_64; alpine/3.19 has none; add distro=ubuntu")]
    [InlineData("ID=debian\nVERSION_ID=12\n6.5.0-14-generic", "the archive has 6.5.0-14-generic as ubuntu/22.04/x86_64; debian/12 has none; add distro=ubuntu")]
    [InlineData("ID=linuxmint\nVERSION_ID=20\n6.5.0-14-generic", "the archive has 6.5.0-14-generic as ubuntu/22.04/x86_64; linuxmint/20 has none; add distro=ubuntu")]
    [InlineData("ID=arch\n6.1.0-38-amd64", "the archive has 6.1.0-38-amd64 as debian/12/x86_64; arch has none; add distro=debian")]
    public void What_nothing_tells_apart_is_refused_with_what_is_here(string text, string detail) =>
        Assert.Equal(detail, Assert.IsType<KernelNotFound>(Resolver.Resolve(new(text))).Detail);

    [Fact]
    public void The_callers_own_distribution_wins_over_that_of_os_release() => Assert.Equal(
        "ubuntu/22.04/x86_64/6.5.0-14-generic",
        Assert.IsType<KernelFound>(Resolver.Resolve(new("ID=alpine\nVERSION_ID=3.19\n6.5.0-14-generic", Distro: "ubuntu"))).Kernel.Id);

    [Theory]
    [InlineData("x86_64", "linuxmint", "21", "the archive has 5.15.0-91-generic as ubuntu/20.04/x86_64, ubuntu/22.04/x86_64; linuxmint/21 has none; add distro=ubuntu")]
    [InlineData(null, "ubuntu", "24.04", "the archive has 5.15.0-91-generic as ubuntu/20.04/x86_64, ubuntu/22.04/x86_64; ubuntu/24.04 has none")]
    [InlineData(null, null, "24.04", "the archive has 5.15.0-91-generic as ubuntu/20.04/x86_64, ubuntu/22.04/x86_64; version 24.04 has none")]
    [InlineData("aarch64", "ubuntu", "22.04", "the archive has 5.15.0-91-generic as ubuntu/20.04/x86_64, ubuntu/22.04/x86_64; arm64 has none")]
    public void Parameters_that_leave_none_are_answered_with_what_is_here(string? arch, string? distro, string? version, string detail) =>
        Assert.Equal(detail, Assert.IsType<KernelNotFound>(Resolver.Resolve(new("5.15.0-91-generic", arch, distro, version))).Detail);
}
