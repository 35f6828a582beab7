using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Relo.Api.Tests.Fixtures;
using Relo.Benchmarks;

namespace Relo.SystemTests.Docs;

/// <summary>The first command of README.md, extracted and run without building the service.</summary>
public sealed partial class FirstCommandTests : IDisposable
{
    private const string Run = "dotnet run -c Release --project src/Api", Port = "8080";

    private readonly string _root = Directory.CreateTempSubdirectory("relo-first-").FullName;

    [Theory]
    [InlineData("bash")]
    [InlineData("dash")]
    public async Task It_prints_the_report_leaves_the_service_running_and_says_how_to_stop_it(string shell)
    {
        var port = Ports.Free();
        var start = Shell(shell,
            Command().Replace(Run, $"dotnet '{typeof(Program).Assembly.Location}' 2>'{_root}/log'", StringComparison.Ordinal)
                .Replace(Port, $"{port}", StringComparison.Ordinal));
        start.Environment["ASPNETCORE_URLS"] = $"http://localhost:{port}";
        using var process = Process.Start(start)!;
        // The service has the same standard output and lives on, so that this does not end with the command.
        var error = new List<string>();
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            error.Add(line);
            if (line.Contains("kill", StringComparison.Ordinal)) break;
        }

        Assert.All(error[..^1], line => Assert.Equal("building and starting ...", line));
        using (var http = new HttpClient())
            Assert.True((await http.GetAsync(new Uri($"http://localhost:{port}/healthz/ready"))).IsSuccessStatusCode);
        using (var kill = Process.Start("kill", Kill().Match(error[^1]).Groups[1].Value))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken); // ends when the service has
        Assert.StartsWith("{\n  \"object\": {\n", output, StringComparison.Ordinal);
        Assert.EndsWith("}\n", output, StringComparison.Ordinal);
        Assert.Equal("guarded", (string?)JsonNode.Parse(output)!["verdict"]);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("dash")]
    public async Task Interrupted_before_the_service_is_up_it_stops_everything(string shell)
    {
        var stays = $"{Random.Shared.Next(100_000, 999_999)}.5"; // a sleep that is known by how long it takes
        var start = Shell("timeout", "");
        start.ArgumentList.Clear();
        foreach (var word in new[] { "--signal=INT", "4", shell, "-c", Command().Replace(Run, $"sleep {stays}", StringComparison.Ordinal).Replace(Port, $"{Ports.Free()}", StringComparison.Ordinal) }) start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("building and starting ...", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal("", await output); // both ends are closed: nothing that has them runs on
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(
            Directory.EnumerateDirectories("/proc").Select(CommandLineOf), line => line.Contains(stays, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_that_fails_ends_it()
    {
        using var process =
            Process.Start(Shell("bash",
                Command().Replace(Run, "false", StringComparison.Ordinal).Replace(Port, $"{Ports.Free()}", StringComparison.Ordinal)))!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private ProcessStartInfo Shell(string shell, string command)
    {
        Assert.SkipUnless(Node.Find(shell) is not null && Node.Find("curl") is not null, $"{shell} or curl is not installed");
        var start = RunProgram.StartOf(_root);
        (start.FileName, start.WorkingDirectory) = (shell, Repository.Root);
        start.ArgumentList.Clear();
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        return start;
    }

    private static string Command()
    {
        var block = new DocFile("README.md").Blocks().First(block => block.Language == "sh");
        var command = block.Text.Split('\n').First(line => line.Length > 0 && line[0] != '#');
        Assert.Contains(Run, command, StringComparison.Ordinal);
        return command;
    }

    private static string CommandLineOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return ""; // no process, or it has ended
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"kill (\d+)$")]
    private static partial Regex Kill();
}
