using Relo.Archive.Naming;

namespace Relo.Archive.Tests.Naming;

public sealed class KernelNameTests
{
    [Theory]
    [InlineData("aarch64", "arm64")]
    [InlineData("arm64", "arm64")]
    [InlineData("ARM64", "arm64")]
    [InlineData("amd64", "x86_64")]
    [InlineData("x64", "x86_64")]
    [InlineData("x86-64", "x86_64")]
    [InlineData("X86_64", "x86_64")]
    [InlineData("s390x", "s390x")]
    [InlineData("i386", "i686")]
    [InlineData("i586", "i686")]
    [InlineData("armhf", "armv7l")]
    [InlineData("armv7hl", "armv7l")]
    [InlineData("arm", "armv7l")]
    [InlineData("ppc64el", "ppc64le")]
    [InlineData("loong64", "loongarch64")]
    [InlineData("mips64el", "mips64el")] // of another byte order than mips64
    [InlineData("made-up", "made-up")]
    public void Architectures_have_one_spelling(string text, string expected) => Assert.Equal(expected, KernelName.Arch(text));

    [Theory]
    [InlineData("\"centos\"", "centos")]
    [InlineData("'Ubuntu'", "ubuntu")]
    [InlineData("amazon", "amzn")]
    [InlineData("redhat", "rhel")]
    [InlineData("oracle", "ol")]
    [InlineData("suse", "sles")]
    public void Distributions_lose_quotes_and_case_and_aliases(string text, string expected) =>
        Assert.Equal(expected, KernelName.Distro(text));

    [Theory]
    [InlineData("rhel", "7.9", new[] { "7.9", "7" })]
    [InlineData("amzn", "2018.03", new[] { "2018.03", "1", "2018" })]
    [InlineData("debian", "12", new[] { "12" })]
    public void Versions_are_also_tried_as_archives_file_them(string distro, string version, string[] expected) =>
        Assert.Equal(expected, KernelName.VersionsToTry(distro, version));

    [Theory]
    [InlineData("4.18.0-147.5.1.el8_1.aarch64", "arm64")]
    [InlineData("6.1.0-38-cloud-amd64", "x86_64")]
    [InlineData("6.12.113+deb12-amd64", "x86_64")]
    [InlineData("4.18.0-80.el8.x86_64", "x86_64")]
    [InlineData("5.14.0-427.el9.aarch64+64k", "arm64")]
    [InlineData("3.10.0-1160.el7.x86_64.debug", "x86_64")]
    [InlineData("6.1.0-38-686-pae", "i686")]
    [InlineData("6.1.0-38-armmp-lpae", "armv7l")]
    [InlineData("6.6.20+rpt-rpi-v8", "arm64")]
    [InlineData("6.1.21-v7l+", "armv7l")]
    [InlineData("6.6.1-x86-64", "x86_64")]
    [InlineData("5.4.0-91-generic", null)]
    public void A_release_may_tell_its_architecture(string release, string? expected) =>
        Assert.Equal(expected, KernelName.ArchOfRelease(release));

    [Theory]
    [InlineData("6.12.113+deb12-amd64")]
    [InlineData("5.10.0~rc1_x")]
    public void Real_releases_are_allowed(string release) => Assert.Null(KernelName.Fault("release", release));

    [Theory]
    [InlineData("5.10.147+", "5.10.147+")]
    [InlineData("5.10.147 ", "5.10.147+")] // '+' of a query that was not encoded
    [InlineData("6.12.113 deb12-amd64", "6.12.113+deb12-amd64")]
    [InlineData("  5.10.147\n", "5.10.147")]
    [InlineData("5.10.147 \n", "5.10.147")]
    [InlineData("5.10.147  ", "5.10.147")]
    [InlineData(" ", "")]
    public void A_space_in_or_right_after_a_release_is_a_plus(string text, string expected) =>
        Assert.Equal(expected, KernelName.Release(text));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("..", "dot")]
    [InlineData(".hidden", "dot")]
    [InlineData("a/b", "'/'")]
    [InlineData("a b", "U+0020")]
    [InlineData("a\0b", "U+0000")]
    [InlineData("größe", "U+00F6")]
    public void What_could_leave_the_folder_or_confuse_is_refused_and_named(string text, string named) =>
        Assert.Contains(named, KernelName.Fault("release", text));

    [Fact]
    public void A_part_has_at_most_128_characters()
    {
        Assert.Null(KernelName.Fault("release", new string('a', 128)));
        Assert.Contains("129", KernelName.Fault("release", new string('a', 129)));
    }

    [Theory]
    [InlineData("rhel", "centos", "4.18.0-80.el8.x86_64", true)]
    [InlineData("rocky", "ol", "4.18.0-80.el8.x86_64", true)]
    [InlineData("rhel", "ol", "5.4.17-2011.0.7.el8uek.x86_64", false)]
    [InlineData("rhel", "fedora", "4.18.0-80.el8.x86_64", false)]
    [InlineData("rhel", "centos", "5.4.0-91-generic", false)]
    [InlineData("rhel", "rhcos", "4.18.0-477.27.1.el8_8.x86_64", true)]
    [InlineData("rhel", "centos", "6.9.7-1.el9.elrepo.x86_64", false)]
    [InlineData("sles", "opensuse-leap", "5.14.21-150400.24.63-default", true)]
    [InlineData("sles", "opensuse-leap", "5.3.18-lp152.106-default", false)]
    public void Only_kernels_rebuilt_from_Red_Hats_source_stand_in(string asked, string other, string release, bool expected) =>
        Assert.Equal(expected, Distributions.AreRebuilds(asked, other, release));
}
