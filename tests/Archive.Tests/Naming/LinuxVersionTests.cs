using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Naming;

/// <summary>The rules are those of libbpf's <c>get_kernel_version</c>.</summary>
public sealed class LinuxVersionTests
{
    [Theory]
    [InlineData("custom", "6.18.44-fc-v669", "6.18.44")]
    [InlineData("ol", "5.4.17-2011.0.7.el7uek.x86_64", "5.4.17")]
    [InlineData("rhel", "4.18.0-147.el8.x86_64", "4.18.0")]
    [InlineData("centos", "5.14.0-427.13.1.el9_4.x86_64", "5.14.0")]
    [InlineData("fedora", "6.8.0-1.fc40.x86_64", "6.8.0")]
    [InlineData("amzn", "4.14.355-275.amzn2.x86_64", "4.14.255")]
    [InlineData("debian", "6.12.57+deb13-amd64", "6.12.57")]
    [InlineData("cos", "5.10.147+", "5.10.147")]
    [InlineData("wsl", "5.15.146.1-microsoft-standard-WSL2", "5.15.146")]
    [InlineData("sles", "5.3.18-150300.59.93-default", "5.3.18")]
    [InlineData("ubuntu", "6.5.0-060500-generic", "6.5.0")] // Ubuntu's builds of mainline
    [InlineData("openeuler", "5.10.0-60.18.0.50.oe2203.x86_64", "5.10.0")]
    public void A_release_that_says_its_true_version_is_exact(string distro, string release, string expected) =>
        Assert.Equal(expected, Version(distro, release));

    [Theory]
    [InlineData("ubuntu", "5.15.0-97-generic", "5.15.x")]
    [InlineData("ubuntu", "5.15.0-1034-azure", "5.15.x")]
    [InlineData("debian", "6.1.0-41-amd64", "6.1.x")]
    [InlineData("debian", "6.1.0-0.deb11.48-amd64", "6.1.x")]
    [InlineData("kali", "6.1.0-kali9-amd64", "6.1.x")]
    [InlineData("custom", "5.15.0-97-generic", "5.15.x")] // nobody said who built it
    public void A_release_that_counts_builds_leaves_the_sublevel_open(string distro, string release, string expected) =>
        Assert.Equal(expected, Version(distro, release));

    [Theory]
    [InlineData("ubuntu", "5.15.0-97-generic", "Ubuntu 5.15.0-97.107-generic 5.15.136", "5.15.136")]
    [InlineData("ubuntu", "5.4.0-77-generic", "[    0.000000] Linux version 5.4.0-77-generic (buildd@lgw01) (gcc) #86~18.04.1-Ubuntu SMP (Ubuntu 5.4.0-77.86~18.04.1-generic 5.4.119)", "5.4.119")]
    [InlineData("ubuntu", "5.15.0-97-generic", "Linux version 5.15.0-97-generic (buildd@lcy02) (gcc (Ubuntu 5.15.0-1ubuntu1~22.04) 5.15.0, GNU ld 2.38) #107-Ubuntu SMP", "5.15.x")] // a compiler's
    [InlineData("debian", "6.1.0-41-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.158-1 (2025-11-09)", "6.1.158")]
    [InlineData("debian", "6.1.0-41-amd64", "Linux version 6.1.0-41-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP Debian 6.1.158-1", "6.1.158")]
    [InlineData("debian", "4.19.0-27-amd64", "#1 SMP Debian 4.19.316-1 (2024-06-25)", "4.19.255")]
    [InlineData("debian", "6.1.0-rpi7-rpi-v8", "#1 SMP PREEMPT Debian 1:6.1.63-1+rpt1 (2023-11-24)", "6.1.x")]
    [InlineData("debian", "6.1.0-41-amd64", "#1 SMP Debian 5.10.209-2", "6.1.x")] // of another kernel
    public void What_the_kernel_says_of_itself_decides(string distro, string release, string text, string expected) =>
        Assert.Equal(expected, Version(distro, release, text));

    [Theory]
    [InlineData("sample-before")]
    [InlineData("6.1-rc3")] // libbpf's sscanf wants three numbers
    [InlineData("99999.1.2")]
    [InlineData("6.999.1")]
    [InlineData("6.1.99999999999")]
    public void Where_nothing_is_known_there_is_no_version(string release) => Assert.Null(LinuxVersion.FromRelease("custom", release));

    [Fact]
    public void A_kernel_knows_its_own()
    {
        var kernel = new Kernel("debian/12/x86_64/6.1.0-41-amd64", "debian", "12", "x86_64", "6.1.0-41-amd64", Digest.Of([1]), 100,
            "import", DateTimeOffset.UnixEpoch, []);
        Assert.Equal("6.1.x", kernel.LinuxVersion.ToString());
    }

    private static string? Version(string distro, string release, string? text = null) =>
        LinuxVersion.FromRelease(distro, release, text)?.ToString();
}
