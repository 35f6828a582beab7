using Relo.Archive.Upstream;
using Relo.Archive.Upstream.Configured;

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

    [Fact]
    public void Good_ones_have_no_fault() => Assert.Null(SourceSettingsCheck.Fault([Debian, new() { Type = "relo", Url = "https://relo.example/" }]));

    [Theory]
    [InlineData("Type", "yum", "Type is 'yum', expected btfhub, apt, dnf, relo, debuginfod, crawler")]
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
    [InlineData("btfhub")]
    [InlineData("debuginfod")]
    public void A_setting_without_effect_is_named(string type) =>
        Assert.Equal($"Archive:Upstream:Sources:0:Architectures is 'amd64', which has no effect for {type}; expected none",
            SourceSettingsCheck.Fault([new() { Type = type, Url = "https://a.example", Architectures = "amd64" }]));

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
