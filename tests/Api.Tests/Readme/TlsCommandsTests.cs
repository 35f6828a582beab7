using System.Diagnostics;
using Relo.Api.Tests.Commands;
using Relo.Api.Tests.Fixtures;
using Relo.Benchmarks;

namespace Relo.Api.Tests.Readme;

/// <summary>The commands that README.md gives for TLS, taken from there and run.</summary>
public sealed class TlsCommandsTests : IDisposable
{
    private const string Heading = "### TLS", Block = "```console\n", Prompt = "$ ", Run = "dotnet run -c Release --project src/Api", Port = "8443";

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-tls-commands-").FullName;

    [Fact]
    public async Task Certificate_is_made_the_service_speaks_TLS_with_it_and_a_client_that_trusts_it_is_answered()
    {
        foreach (var program in new[] { "openssl", "curl" }) Assert.SkipUnless(Node.Find(program) is not null, $"{program} is not installed");
        var (commands, answer) = Split(await BlockAsync());
        Assert.Contains(Run, commands, StringComparison.Ordinal);
        // As it is built, and where nothing else listens; and it ends with the commands.
        commands = commands.Replace(Run, $"dotnet '{typeof(Program).Assembly.Location}' >log 2>&1", StringComparison.Ordinal).Replace(Port, $"{Ports.Free()}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "commands"), $"set -e\ntrap 'kill $!; wait' EXIT\n{commands}");
        var start = RunProgram.StartOf(_folder);
        (start.FileName, var environment) = ("sh", start.Environment);
        start.ArgumentList.Clear();
        start.ArgumentList.Add("commands");
        Assert.Equal(_folder, environment["Archive__Root"]);
        using var process = Process.Start(start)!;
        var (error, output) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal((answer + "\n", 0), (await output, process.ExitCode));
        Assert.Equal("", await error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // What is typed, and what it prints.
    private static (string Commands, string Answer) Split(string block)
    {
        var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var isContinued = false;
        List<string> commands = [], printed = [];
        foreach (var line in lines)
        {
            if (isContinued || line.StartsWith(Prompt, StringComparison.Ordinal)) commands.Add(isContinued ? line : line[Prompt.Length..]);
            else printed.Add(line);
            isContinued = line.EndsWith('\\');
        }

        return (string.Join('\n', commands) + "\n", string.Join('\n', printed));
    }

    private static async Task<string> BlockAsync()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var from = readme.IndexOf(Block, readme.IndexOf(Heading, StringComparison.Ordinal), StringComparison.Ordinal) + Block.Length;
        return readme[from..readme.IndexOf("```", from, StringComparison.Ordinal)];
    }
}
