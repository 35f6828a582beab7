using Relo.Archive.Naming;

namespace Relo.Archive.Tests;

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
    [InlineData("made-up", "made-up")]
    public void Architectures_have_one_spelling(string text, string expected) => Assert.Equal(expected, KernelName.Arch(text));

    [Theory]
    [InlineData("\"centos\"", "centos")]
    [InlineData("'Ubuntu'", "ubuntu")]
    [InlineData("amazon", "amzn")]
    [InlineData("redhat", "rhel")]
    [InlineData("oracle", "ol")]
    [InlineData("suse", "sles")]
    public void Distributions_lose_quotes_and_case_and_aliases(string text, string expected) => Assert.Equal(expected, KernelName.Distro(text));

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
    [InlineData("5.4.0-91-generic", null)]
    public void A_release_may_tell_its_architecture(string release, string? expected) => Assert.Equal(expected, KernelName.ArchOfRelease(release));

    [Theory]
    [InlineData("6.12.113+deb12-amd64")]
    [InlineData("5.10.0~rc1_x")]
    public void Real_releases_are_allowed(string release) => Assert.Null(KernelName.Fault("release", release));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("..", "dot")]
    [InlineData(".hidden", "dot")]
    [InlineData("a/b", "'/'")]
    [InlineData("a b", "U+0020")]
    [InlineData("a\0b", "U+0000")]
    [InlineData("größe", "U+00F6")]
    public void What_could_leave_the_folder_or_confuse_is_refused_and_named(string text, string named) => Assert.Contains(named, KernelName.Fault("release", text));

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
    public void Only_kernels_rebuilt_from_Red_Hats_source_stand_in(string asked, string other, string release, bool expected) =>
        Assert.Equal(expected, Distributions.AreRebuilds(asked, other, release));
}
