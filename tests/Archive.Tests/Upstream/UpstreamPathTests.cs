using Relo.Archive.Naming;
using Relo.Archive.Resolution;
using Relo.Archive.Upstream.BtfHub;

namespace Relo.Archive.Tests.Upstream;

/// <summary>The paths at which the upstream is requested for a missing kernel.</summary>
public sealed class UpstreamPathTests
{
    [Theory]
    [InlineData("6.1.82-99.168.amzn2023.aarch64", "amzn/2023/arm64/6.1.82-99.168.amzn2023.aarch64")]
    [InlineData("4.14.77-69.57.amzn1.x86_64", "amzn/1/x86_64/4.14.77-69.57.amzn1.x86_64")]
    [InlineData("5.15.0-208.159.3.el9uek.x86_64", "ol/9/x86_64/5.15.0-208.159.3.el9uek.x86_64")]
    [InlineData("6.12.0-100.28.2.el10uek.x86_64", "ol/10/x86_64/6.12.0-100.28.2.el10uek.x86_64")]
    [InlineData("6.11.4-301.fc41.aarch64", "fedora/41/arm64/6.11.4-301.fc41.aarch64")]
    [InlineData("Linux n 6.6.29.1-4.azl3 #1 SMP x86_64 GNU/Linux", "azurelinux/3.0/x86_64/6.6.29.1-4.azl3")]
    [InlineData("Linux n 5.15.158.2-1.cm2 #1 SMP x86_64 GNU/Linux", "mariner/2.0/x86_64/5.15.158.2-1.cm2")]
    [InlineData("6.12.0-55.9.1.el10_0.x86_64", "rhel/10/x86_64/6.12.0-55.9.1.el10_0.x86_64")]
    [InlineData("6.12.57+deb13-amd64", "debian/13/x86_64/6.12.57+deb13-amd64")]
    [InlineData("Linux n 6.1.0-38-amd64 #1 SMP Debian 6.1.147-1 (2025-08-02) x86_64 GNU/Linux", "debian/12/x86_64/6.1.0-38-amd64")]
    [InlineData("Linux n 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64 GNU/Linux", "ubuntu/22.04/x86_64/5.15.0-91-generic")]
    [InlineData("5.15.0-91-generic #101~20.04.1-Ubuntu SMP\nID=alpine\nVERSION_ID=3.19", "ubuntu/20.04/x86_64/5.15.0-91-generic")] // a container
    [InlineData("5.15.0-91-generic\nID=linuxmint\nVERSION_ID=21.1", "ubuntu/22.04/x86_64/5.15.0-91-generic")]
    [InlineData("6.1.82-99.168.amzn2023.x86_64\nID=debian\nVERSION_ID=12", "amzn/2023/x86_64/6.1.82-99.168.amzn2023.x86_64")]
    [InlineData("4.18.0-477.27.1.el8_8.x86_64\nID=rhcos\nVERSION_ID=4.12\nRHEL_VERSION=8.8", "rhel/8.8/x86_64/4.18.0-477.27.1.el8_8.x86_64")]
    public void What_the_text_says_leads_to_a_path(string text, string path)
    {
        var named = Assert.IsType<NamedRelease>(IdentifierText.Read(text));
        var paths = UpstreamPath.ToTry(
            named.Arch is null ? named with { Arch = KernelName.ArchOfRelease(named.Release) ?? "x86_64" } : named, out var why);
        Assert.Equal("", why);
        Assert.Equal(path + ".btf.tar.xz", paths[0].ToString());
    }

    [Fact] // all of them build the same source, so that any may have it
    public void A_kernel_of_Red_Hats_source_is_looked_for_with_each_that_rebuilds_it() => Assert.Equal(
        ["rhel", "centos", "ol", "rocky", "almalinux"],
        UpstreamPath.ToTry(new NamedRelease("release", "4.18.0-348.el8.x86_64"), out _).Select(p => p.Distro));

    [Theory]
    [InlineData("5.15.0-91-generic", "distribution")]
    [InlineData("6.6.30-gentoo-dist", "version of gentoo")]
    public void Where_too_little_is_said_the_reason_is_given(string release, string said)
    {
        Assert.Empty(UpstreamPath.ToTry(new NamedRelease("release", release) { Arch = "x86_64" }, out var why));
        Assert.Contains(said, why);
    }
}
