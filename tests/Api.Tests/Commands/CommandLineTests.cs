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
    [InlineData("--urls http://x:1 --Archive:Root /data", nameof(Verb.Serve), "--urls=http://x:1 --Archive:Root=/data")]
    [InlineData("import /a=b", nameof(Verb.Import), "")] // a path may have any form
    [InlineData("import /a --help", nameof(Verb.Help), "")]
    [InlineData("help import", nameof(Verb.Help), "")]
    [InlineData("list --version", nameof(Verb.Version), "")]
    [InlineData("relocate - --kernel x -o - --Archive:Root=/data", nameof(Verb.Relocate), "--Archive:Root=/data")]
    [InlineData("check a.o --btf=x --btf y", nameof(Verb.Check), "")]
    [InlineData("migrate --to cluster.json --Archive:Root=/data", nameof(Verb.Migrate), "--Archive:Root=/data")]
    [InlineData("migrate --to=cluster.json", nameof(Verb.Migrate), "")]
    public void First_word_is_the_command_and_the_rest_are_settings(string words, string verb, string settings)
    {
        var command = CommandLine.Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(verb, command.Verb.ToString());
        Assert.Equal(settings, string.Join(' ', command.Settings));
    }

    [Fact]
    public void Options_of_a_command_are_no_settings() =>
        Assert.Equal(["--dry-run", "--objects"], CommandLine.Parse(["prune", "--dry-run", "--Archive:Root=/data", "--objects"]).Arguments);

    [Theory]
    [InlineData("improt /a", "there is no command improt; did you mean import?")]
    [InlineData("Verify", "there is no command Verify; did you mean verify?")]
    [InlineData("frobnicate", "there is no command frobnicate")]
    [InlineData("import", "import needs <path>")]
    [InlineData("backup --Archive:Root=/data", "backup needs <dir>")]
    [InlineData("import /a /b", "import does not accept '/b': it takes one <path>")]
    [InlineData("verify now", "verify does not accept 'now'")]
    [InlineData("prune --dryrun", "prune has no option --dryrun; did you mean --dry-run?")]
    [InlineData("prune -n", "prune has no option -n")]
    [InlineData("list --dry-run", "list has no option --dry-run")]
    [InlineData("--helth", "serve has no option --helth; did you mean --health?")]
    [InlineData("--verson", "serve has no option --verson; did you mean --version?")]
    [InlineData("list --Archive:Rooot /data", "list has no option --Archive:Rooot; did you mean --Archive:Root=value?")]
    [InlineData("list --Archive:Root", "--Archive:Root has no value")]
    [InlineData("", "there is no command ''")]
    [InlineData("import ", "import does not accept '': it takes one <path>")]
    [InlineData("migrate", "migrate needs --to <settings.json>")]
    [InlineData("migrate --to", "--to needs <settings.json>")]
    [InlineData("migrate cluster.json", "migrate does not accept 'cluster.json'")]
    [InlineData("relocate", "relocate needs <object>")]
    [InlineData("relocate a.o", "relocate needs either --kernel or --btf")]
    [InlineData("relocate a.o --kernel x --btf y", "relocate needs either --kernel or --btf")]
    [InlineData("relocate a.o --kernel", "--kernel needs <id>")]
    [InlineData("relocate a.o --kernel --btf x", "--kernel needs <id>")]
    [InlineData("relocate a.o --kernel x --kernel=y", "--kernel is given twice")]
    [InlineData("relocate a.o --btf x --btf y", "--btf is given several times, expected one kernel")]
    [InlineData("relocate a.o --kernel x --module-btf y", "--module-btf needs --btf")]
    [InlineData("relocate a.o --kernel x -o - --report text", "-o - and --report both write to standard output")]
    [InlineData("relocate a.o --kernels x", "relocate has no option --kernels; did you mean --kernel?")]
    [InlineData("relocate a.o --kernel x --report sarif", "--report is 'sarif', expected text or json or markdown")]
    [InlineData("check a.o --kernels x --fail-on broken,absnt", "--fail-on is 'absnt', expected broken or poisoned or absent; did you mean absent?")]
    [InlineData("diagnose a.o --kernel x", "diagnose needs --log")]
    [InlineData("types task_struct", "types needs either --kernel or --btf")]
    [InlineData("types task_struct --kernel x --report markdown", "--report is 'markdown', expected text or json")]
    [InlineData("types task_struct --kernel x --kind class", "--kind is 'class', expected struct or union or enum or typedef or int or float or func or var")]
    [InlineData("diagnose - --log - --kernel x", "the object and the log are both standard input")]
    [InlineData("check a.o --kernels a/b", "--kernels is 'a/b', expected a release or distro/version/arch/release, with *")]
    [InlineData("check a.o --kernels ub*/1/x/5.*", "--kernels is 'ub*/1/x/5.*': distro, version and arch are a name or *, only the release may be a longer pattern")]
    [InlineData("list --Archive:Root --urls=x", "--Archive:Root has no value")]
    public void Words_that_make_no_sense_are_refused_with_what_was_meant(string words, string fault)
        => Assert.Equal(fault, CommandLine.Parse(words.Split(' ')).Fault);

    [Fact]
    public void Every_command_is_in_the_usage_and_has_a_help_of_its_own()
    {
        Assert.Equal(Enum.GetValues<Verb>().Except([Verb.Unknown]), Command.All.Select(c => c.Verb));
        Assert.All(Command.All, c => Assert.Contains($"\n  {c.Name}", Command.Usage, StringComparison.Ordinal));
        foreach (var command in Command.All.Where(c => c.Verb is not (Verb.Help or Verb.Version)))
            Assert.Equal([command.Help], CommandLine.Parse([command.Name, "--help"]).Arguments);
        Assert.Contains("--dry-run", Command.Find("prune")!.Help, StringComparison.Ordinal);
        Assert.StartsWith("usage: Relo.Api migrate --to <settings.json> [--", Command.Find("migrate")!.Help, StringComparison.Ordinal);
    }

    [Fact]
    public void Summaries_of_the_usage_are_one_column()
    {
        var lines = Command.Usage.Split('\n');
        Assert.Single(Command.All.Select(c => lines.Single(line => line.EndsWith($"  {c.Summary}", StringComparison.Ordinal)).Length
            - c.Summary.Length).Distinct());
    }
}
