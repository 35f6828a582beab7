using Relo.Archive.Upstream;
using Relo.Archive.Upstream.Configured;
using Relo.Archive.Upstream.Pacman;

namespace Relo.Archive.Tests.Upstream;

/// <summary>Settings of a source that cannot be meant are refused at the start, by name.</summary>
public class SourceSettingsTests
{
    private static SourceSettings Debian => new()
    {
        Type = "apt",
        Url = "http://deb.debian.org/debian",
        Suites = "bookworm",
        Architectures = "amd64",
        Distro = "debian",
    };

    private static SourceSettings Arch(string url) =>
        new() { Type = "pacman", Url = url, Suites = "core extra", Architectures = "x86_64", Distro = "arch" };

    [Fact]
    public void Good_ones_have_no_fault() => Assert.Null(SourceSettingsCheck.Fault([Debian, new() { Type = "relo", Url = "https://relo.example/" }]));

    [Theory]
    [InlineData("Type", "yum", "Type is 'yum', expected btfhub, apt, dnf, pacman, relo, debuginfod, crawler")]
    [InlineData("Url", "", "Url is '', expected an http or https URL")]
    [InlineData("Url", "file:///srv", "Url is 'file:///srv', expected an http or https URL")]
    [InlineData("Suites", " ", "Suites is empty")]
    [InlineData("Suites", "../x", "Suites is '../x'")]
    [InlineData("Suites", "bookworm  bookworm", "Suites names 'bookworm' twice")]
    [InlineData("Architectures", "", "Architectures is empty")]
    [InlineData("Distro", "", "Distro is empty")]
    [InlineData("Name", "all", "Name is 'all', which means all sources")]
    [InlineData("Name", "a b", "Name contains U+0020")]
    [InlineData("Keyring", "/nowhere.gpg", "Keyring is '/nowhere.gpg', which does not exist")]
    [InlineData("KeyFile", "/nowhere", "KeyFile is '/nowhere', which does not exist")]
    public void A_bad_one_is_named(string setting, string value, string fault)
    {
        var one = Debian;
        typeof(SourceSettings).GetProperty(setting)!.SetValue(one, value);
        Assert.StartsWith($"Archive:Upstream:Sources:0:{fault}", SourceSettingsCheck.Fault([one]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("btfhub", "Architectures", "amd64")]
    [InlineData("debuginfod", "Architectures", "amd64")]
    [InlineData("debuginfod", "Modules", false)]
    [InlineData("dnf", "Suites", "stable")]
    [InlineData("dnf", "IgnoreExpiry", true)]
    [InlineData("pacman", "Components", "main contrib")]
    [InlineData("pacman", "Debug", true)]
    [InlineData("crawler", "Distro", "debian")]
    [InlineData("relo", "Version", "12")]
    [InlineData("relo", "Keyring", "/etc/hostname")]
    [InlineData("btfhub", "PrivateRedirects", true)]
    [InlineData("apt", "KeyFile", "/etc/hostname")]
    public void A_setting_without_effect_is_named(string type, string setting, object value)
    {
        var one = new SourceSettings { Type = type, Url = "https://a.example" };
        typeof(SourceSettings).GetProperty(setting)!.SetValue(one, value);
        var written = value is bool flag ? flag ? "true" : "false" : value;
        Assert.Equal($"Archive:Upstream:Sources:0:{setting} is '{written}', which has no effect for {type}; leave it out",
            SourceSettingsCheck.Fault([one]));
    }

    [Theory]
    [InlineData("https://mirror.example/$repo/os/$arch", "https://mirror.example/", "core/os/x86_64/")]
    [InlineData("https://mirror.example/repo/$arch_v3/$repo/", "https://mirror.example/repo/", "x86_64_v3/core/")]
    [InlineData("https://mirror.example/arch/core/os/x86_64", "https://mirror.example/arch/core/os/x86_64/", "")]
    public void The_server_of_pacman_may_have_variables(string url, string root, string folder)
    {
        Assert.Null(SourceSettingsCheck.Fault([Arch(url)]));
        var server = PacmanServer.Of(url);
        Assert.Equal((new Uri(root), folder), (server.Root, server.FolderOf("core", "x86_64")));
    }

    [Theory]
    [InlineData("https://mirror.example/$repository/$version", "expected no variables but $repo and $arch")]
    [InlineData("$repo/os/$arch", "expected an http or https URL")]
    [InlineData("https://$repo.example/$arch", "expected")]
    public void Other_variables_of_a_server_are_refused(string url, string reason)
    {
        var fault = SourceSettingsCheck.Fault([Arch(url)]);
        Assert.StartsWith($"Archive:Upstream:Sources:0:Url is '{url}', ", fault, StringComparison.Ordinal);
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_server_of_debuginfod_has_a_name_of_its_own() =>
        Assert.Equal("Archive:Upstream:Sources:1:Name 'x-2' is given twice", SourceSettingsCheck.Fault(
            [
                new() { Type = "debuginfod", Name = "x", Url = "https://a.example https://b.example" },
                new() { Type = "relo", Name = "x-2", Url = "https://relo.example/" },
            ]));

    [Fact]
    public void Two_need_two_names() =>
        Assert.Equal("Archive:Upstream:Sources:1:Name 'apt' is given twice", SourceSettingsCheck.Fault([Debian, Debian]));
}
