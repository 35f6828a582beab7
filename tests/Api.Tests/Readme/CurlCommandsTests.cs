using Relo.Api.Tests.Commands;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Readme;

/// <summary>Every curl command of README.md, in order, on one service: each ends with the status it shows, and those that depend on no machine print what it shows.</summary>
public sealed class CurlCommandsTests : IDisposable
{
    private const string Server = "http://localhost:8080", Prompt = "$ ";

    // They are about archives and files that a reader has to bring.
    private static readonly string[] NeedMore =
        ["--load", "xdpdump", "release=6.1.*", "release=4.18*", "4.18.0-147.5.1", "version=12", "sh -s", "tracer/index.json", "5.11.0-syscall-work.btf", "kernels/btf?kernel=5.11", ".checks.archive", "X-Api-Key", "--cacert", "/etc/hostname"];

    // What they print is the same on every machine.
    private static readonly string[] Compared = [".relocations[6]", "didYouMean", "asks: .object.localTypes[0]"];

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-readme-").FullName;

    [Fact]
    public async Task They_all_work()
    {
        foreach (var program in new[] { "bash", "curl", "jq", "tar" }) Assert.SkipUnless(Node.Find(program) is not null, $"{program} is not installed");
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "the running kernel has no BTF");
        using var service = new ServiceHost(root: null, ("Archive:RegisterHostKernel", "true"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "wwwroot"), Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "tracer.bpf.o"), Samples.Object, TestContext.Current.CancellationToken);
        var (ran, compared) = (0, 0);
        foreach (var (command, printed) in Commands().Where(c => !NeedMore.Any(c.Command.Contains)))
        {
            var (status, output) = await RunAsync(command.Replace(Server, service.Http.BaseAddress!.ToString().TrimEnd('/'), StringComparison.Ordinal));
            Assert.True(status == 0, $"{command}\nended with {status}: {output}");
            if (Compared.Any(command.Contains) && ++compared > 0) Assert.Equal(printed, output);
            ran++;
        }

        Assert.True(ran >= 15 && compared == Compared.Length, $"{ran} commands, {compared} compared");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int Status, string Output)> RunAsync(string command)
    {
        var start = RunProgram.StartOf(_folder);
        start.FileName = "bash";
        start.ArgumentList.Clear();
        foreach (var word in new[] { "-o", "pipefail", "-c", command }) start.ArgumentList.Add(word);
        var (status, output, error) = await RunProgram.RunAsync(start);
        return (status, status == 0 ? output : output + error);
    }

    private static IEnumerable<(string Command, string Printed)> Commands()
    {
        foreach (var block in File.ReadAllText(Path.Combine(Repository.Root, "README.md")).Split("```console\n").Skip(1).Select(b => b.Split("```")[0]))
        {
            string command = "", printed = "";
            var isContinued = false;
            foreach (var line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Append(Prompt))
            {
                if (!isContinued && line.StartsWith(Prompt, StringComparison.Ordinal))
                {
                    if (command.StartsWith("curl ", StringComparison.Ordinal)) yield return (command, printed);
                    (command, printed) = (line[Prompt.Length..], "");
                }
                else if (isContinued) command += "\n" + line;
                else printed += line + "\n";
                isContinued = line.EndsWith('\\');
            }
        }
    }
}
