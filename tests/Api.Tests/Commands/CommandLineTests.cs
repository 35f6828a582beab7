using Relo.Api.Commands;

namespace Relo.Api.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", nameof(Verb.Serve), "")]
    [InlineData("serve --urls=http://x:1", nameof(Verb.Serve), "--urls=http://x:1")]
    [InlineData("--Archive:Root=/data", nameof(Verb.Serve), "--Archive:Root=/data")]
    [InlineData("Archive:Root=/data", nameof(Verb.Serve), "Archive:Root=/data")]
    [InlineData("import /a --Archive:Root=/data", nameof(Verb.Import), "--Archive:Root=/data")]
    [InlineData("list", nameof(Verb.List), "")]
    [InlineData("verify --Archive:Root=/data", nameof(Verb.Verify), "--Archive:Root=/data")]
    [InlineData("prune --dry-run --Archive:Root=/data --objects", nameof(Verb.Prune), "--Archive:Root=/data")]
    [InlineData("export /a --Archive:Root=/data", nameof(Verb.Export), "--Archive:Root=/data")]
    [InlineData("export", nameof(Verb.Unknown), "")]
    [InlineData("--health --urls=http://x:1", nameof(Verb.Health), "--urls=http://x:1")]
    [InlineData("--help", nameof(Verb.Help), "")]
    [InlineData("import", nameof(Verb.Unknown), "")]
    [InlineData("import --Archive:Root=/data", nameof(Verb.Unknown), "")]
    [InlineData("improt /a", nameof(Verb.Unknown), "")]
    public void First_word_is_the_command_and_the_rest_are_settings(string words, string verb, string settings)
    {
        var command = CommandLine.Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(verb, command.Verb.ToString());
        Assert.Equal(settings, string.Join(' ', command.Settings));
    }

    [Fact]
    public void Options_of_a_command_are_no_settings() => Assert.Equal(["--dry-run", "--objects"], CommandLine.Parse(["prune", "--dry-run", "--Archive:Root=/data", "--objects"]).Arguments);
}
