using System.Diagnostics;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Scripts;

/// <summary>The script and the action for pipelines, against the real service.</summary>
public sealed class CheckScriptTests(Service service) : IClassFixture<Service>, IAsyncLifetime
{
    private const string Script = "relo-check.sh";

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-check-").FullName;

    public static TheoryData<string> Shells => ["dash", "busybox", "bash"];

    public async ValueTask InitializeAsync()
    {
        await service.Http.PostAsync("/v1/kernels?distro=bad&version=1&arch=x86_64&release=no-pid", Answers.Body(MadeUpBtf.WithoutPid()));
        await File.WriteAllTextAsync(PathOf(Script), await service.Http.GetStringAsync(new Uri("/relo-check.sh", UriKind.Relative)));
        await File.WriteAllBytesAsync(PathOf("t.o"), Samples.Object);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task An_object_that_is_usable_passes_with_its_report(string shell)
    {
        var (status, output, error) = await RunAsync(shell, [], "--distro", "sample", "t.o");
        Assert.Equal((0, ""), (status, error));
        Assert.StartsWith("GUARDED on 2 of 2 kernels\n  object   t.o, sha256:", output, StringComparison.Ordinal);
        (status, output, _) = await RunAsync(shell, [], "--distro", "sample", "--quiet", "t.o");
        Assert.Equal((0, ""), (status, output));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task An_object_that_is_broken_stops_the_pipeline_with_all_reports(string shell)
    {
        File.Copy(PathOf("t.o"), PathOf("second 'x'.o"));
        var (status, output, error) = await RunAsync(shell, [("GITHUB_STEP_SUMMARY", PathOf("summary.md"))],
            "--distro", "bad", "--sarif", "sarif", "t.o", "second 'x'.o");
        Assert.True(status == 4, error);
        Assert.Contains("BROKEN on 1 of 1 kernel", output, StringComparison.Ordinal);
        Assert.Contains("t.o: refused by --fail-on broken,absent", error, StringComparison.Ordinal);
        var summary = await File.ReadAllTextAsync(PathOf("summary.md"));
        Assert.StartsWith("## t.o\n\n### BROKEN on 1 of 1 kernel", summary, StringComparison.Ordinal);
        Assert.Contains("\n## second--x-.o\n\n### BROKEN", summary, StringComparison.Ordinal);
        foreach (var name in new[] { "t.o", "second 'x'.o" })
            Assert.Equal("2.1.0", (string?)JsonNode.Parse(await File.ReadAllTextAsync(PathOf($"sarif/{name}.sarif")))!["version"]);
        Assert.Equal(0, (await RunAsync(shell, [], "--distro", "bad", "--fail-on", "", "t.o")).Status);
    }

    [Theory]
    [InlineData(3, "no kernel in the archive matches distro=none", "--distro", "none", "t.o")]
    [InlineData(3, "there is no such file", "missing.o")]
    [InlineData(4, "HTTP 422: ", "relo-check.sh")]
    [InlineData(2, "unknown option --distr", "--distr", "x", "t.o")]
    [InlineData(2, "--fail-on is 'brokn'", "--fail-on", "brokn", "t.o")]
    [InlineData(2, "which object?", "--distro", "sample")]
    [InlineData(2, "options precede the objects: --quiet", "t.o", "--quiet")]
    [InlineData(1, "HTTP 000: ", "--server", "http://127.0.0.1:9", "--attempts", "1", "t.o")]
    [InlineData(6, "cannot be written", "--distro", "sample", "--sarif", "no/such/folder/x", "t.o")]
    public async Task Each_failure_has_its_status(int expected, string said, params string[] words)
    {
        var (status, _, error) = await RunAsync("dash", [], words);
        Assert.True(expected == status, $"{status}: {error}");
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_gives_no_commands_to_the_runner()
    {
        var (_, output, _) = await RunAsync("dash", [("GITHUB_ACTIONS", "true")], "--distro", "sample", "t.o");
        var lines = output.TrimEnd('\n').Split('\n');
        Assert.StartsWith("::stop-commands::", lines[0], StringComparison.Ordinal);
        Assert.Equal($"::{lines[0].Split("::")[2]}::", lines[^1]);
        Assert.Matches("^[0-9a-f]{32}$", lines[0].Split("::")[2]);
    }

    [Theory]
    [InlineData(0, "sample", "x.o y.o")]
    [InlineData(4, "bad", "?.o")]
    public async Task Steps_of_the_action_check_the_objects(int expected, string distro, string objects)
    {
        File.Copy(PathOf("t.o"), PathOf("x.o"));
        File.Move(PathOf("t.o"), PathOf("y.o"));
        var action = ActionFile.Read(Path.Combine(Repository.Root, "wwwroot/docs/github-action/action.yml"));
        var inputs = new Dictionary<string, string>(action.Defaults)
        {
            ["server"] = Server,
            ["objects"] = objects,
            ["distro"] = distro,
            ["sarif"] = "out/sarif",
        };
        var status = 0;
        foreach (var step in action.Steps)
        {
            (string, string)[] environment = [.. step.Environment.Select(pair => (pair.Key, inputs[pair.Value])), ("RUNNER_TEMP", _folder),
                ("GITHUB_OUTPUT", PathOf("output")), ("GITHUB_STEP_SUMMARY", PathOf("summary")), ("GITHUB_ACTIONS", "true")];
            await File.WriteAllTextAsync(PathOf("step.sh"), step.Run);
            (status, _, var error) = await StartAsync([Node.Find("sh")!, "-e", "step.sh"], environment); // as the runner does
            Assert.True(status is 0 or 4, error);
        }

        Assert.Equal(expected, status);
        Assert.Equal("sarif=out/sarif\n", await File.ReadAllTextAsync(PathOf("output")));
        Assert.Equal(2, (await File.ReadAllTextAsync(PathOf("summary"))).Split("\n### ").Length - 1);
        Assert.Equal(2, Directory.GetFiles(PathOf("out/sarif"), "?.o.sarif").Length);
    }

    private string Server => service.Http.BaseAddress!.ToString().TrimEnd('/');

    private string PathOf(string name) => Path.Combine(_folder, name);

    private Task<(int Status, string Output, string Error)> RunAsync(string shell, (string, string)[] environment, params string[] words)
    {
        foreach (var program in new[] { shell, "curl" }) Assert.SkipUnless(Node.Find(program) is not null, $"{program} is not installed");
        return StartAsync([Node.Find(shell)!, .. shell == "busybox" ? ["sh"] : Array.Empty<string>(), Script, .. words], environment);
    }

    private Task<(int Status, string Output, string Error)> StartAsync(string[] command, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = _folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var name in new[] { "RELO_SERVER", "RELO_API_KEY", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY" })
            start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return RunProgram.RunAsync(start);
    }
}
