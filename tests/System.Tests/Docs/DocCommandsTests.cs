using System.Text.RegularExpressions;
using Relo.Api.Tests.Fixtures;
using Relo.Benchmarks;

namespace Relo.SystemTests.Docs;

/// <summary>
/// The commands of README.md and of the user guide, page by page and in order, in one shell and against one service: each ends with status
/// 0 and prints what is shown, where <c>…</c> stands for anything.
/// </summary>
public sealed partial class DocCommandsTests : IDisposable
{
    private const string Server = "http://localhost:8080";
    private static readonly string[] Needed = ["bash", "curl", "jq", "tar", "unzip", "openssl", "sha256sum"];

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-docs-").FullName;

    public static TheoryData<string> Pages => [.. DocFile.WithCommands.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Each_command_works_and_prints_what_is_shown(string page)
    {
        foreach (var program in Needed) Assert.SkipUnless(Node.Find(program) is not null, $"{program} is not installed");
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "the running kernel has no BTF");
        using var service = new ServiceHost(root: null, ("Archive:RegisterHostKernel", "true"));
        var blocks = new DocFile(page).Blocks().Where(block => block.HasCommands && !block.IsNotRun).ToList();
        await PrepareAsync(blocks.Where(block => block.SavedAs is not null));
        var commands = blocks.Where(block => block.SavedAs is null)
            .SelectMany(block => block.Commands().Select(c => (block.Place, c.Command, c.Printed))).ToList();
        await RunAsync(commands.ConvertAll(c => c.Command), service);

        for (var i = 0; i < commands.Count; i++)
        {
            var (place, command, printed) = commands[i];
            var (status, output) = (await ReadAsync($"{i}.status"), (await ReadAsync($"{i}.output")).ReplaceLineEndings("\n"));
            Assert.True(status == "0\n", $"{place}: {command}\nended with {status}{output}");
            if (printed is not null && !command.EndsWith('&'))
                Assert.True(Pattern(printed).IsMatch(output), $"{place}: {command}\nprinted\n{output}\nnot\n{printed}");
        }
    }

    [Fact]
    public void Each_block_that_is_not_run_has_a_comment_with_the_reason()
        => Assert.All(DocFile.WithCommands.SelectMany(page => page.Blocks()).Where(block => block.IsNotRun),
            block => Assert.Matches(Reason(), block.Comment));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // What a reader has at that point: the sample under the name in the examples, the samples, and the files that the page says to save.
    private async Task PrepareAsync(IEnumerable<CodeBlock> saved)
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder, "wwwroot"), Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "tracer.bpf.o"), Samples.Object, TestContext.Current.CancellationToken);
        foreach (var block in saved)
            await File.WriteAllTextAsync(Path.Combine(_folder, block.SavedAs!), block.Text + "\n", TestContext.Current.CancellationToken);
    }

    private async Task RunAsync(IReadOnlyList<string> commands, ServiceHost service)
    {
        var script = "set -o pipefail\ntrap 'kill $(jobs -p) 2>kill.log; wait' EXIT\n"
            + string.Concat(commands.Select((command, i) => $"{{ {command}\n}} >{i}.output 2>&1 </dev/null; echo $? >{i}.status\n"));
        // The built program, on ports of this test; what starts another service writes its log elsewhere.
        script = script.Replace(Server, service.Http.BaseAddress!.ToString().TrimEnd('/'), StringComparison.Ordinal);
        foreach (var port in Port().Matches(script).Select(m => m.Value).Distinct()
            .Where(port => commands.Any(c => c.Contains(port, StringComparison.Ordinal))).ToList())
            script = script.Replace(port, $"localhost:{Ports.Free()}", StringComparison.Ordinal);
        script = Background().Replace(RunOf().Replace(script, $"dotnet '{typeof(Program).Assembly.Location}'"), " >service.log 2>&1 &");
        await File.WriteAllTextAsync(Path.Combine(_folder, "script"), script);

        var start = RunProgram.StartOf(_folder);
        start.FileName = "bash";
        start.ArgumentList.Clear();
        start.ArgumentList.Add("script");
        start.Environment["Archive__Root"] = service.Root;
        await RunProgram.RunAsync(start);
    }

    private Task<string> ReadAsync(string file) =>
        File.ReadAllTextAsync(Path.Combine(_folder, file), TestContext.Current.CancellationToken);

    private static Regex Pattern(string printed)
        => new(@"\A" + Regex.Escape(printed).Replace("…", ".*", StringComparison.Ordinal) + @"\z", RegexOptions.CultureInvariant);

    [GeneratedRegex("dotnet run -c Release --project src/Api( --)?")]
    private static partial Regex RunOf();

    [GeneratedRegex(@"localhost:8[0-9]{3}\b")]
    private static partial Regex Port();

    [GeneratedRegex(" &$", RegexOptions.Multiline)]
    private static partial Regex Background();

    [GeneratedRegex("^<!-- norun: .{8,} -->$")]
    private static partial Regex Reason();
}
