using System.Diagnostics;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Commands;

public sealed class OfflineCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-offline-").FullName;

    [Fact]
    public async Task Relocate_writes_the_bytes_of_the_service_and_keeps_nothing()
    {
        var (status, output, error) = await RunAsync(
            "relocate", Object(), "--btf", Btf("5.11.0-syscall-work.btf", Samples.NewBtf), "-o", "out.o");
        Assert.Equal((0, ""), (status, output));
        Assert.StartsWith("out.o is ", error, StringComparison.Ordinal);
        Assert.EndsWith(" for custom/local/unknown/5.11.0-syscall-work, guarded\n", error, StringComparison.Ordinal);
        Assert.Equal(await PatchedAsync(), await File.ReadAllBytesAsync(Path.Combine(_root, "out.o")));
        Assert.Equal(["5.11.0-syscall-work.btf", "in.bpf.o", "out.o"],
            Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Relocate_finds_kernels_of_the_archive_and_reads_and_writes_pipes()
    {
        var tree = Directory.CreateDirectory(Path.Combine(_root, "tree/sample/1/x86_64")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(tree, "5.11.0-syscall-work.btf"), Samples.NewBtf);
        Assert.Equal(0, (await RunAsync("import", Path.Combine(_root, "tree"))).Status);
        var start = RunProgram.StartOf(_root, "relocate", "-", "--kernel=sample/1/x86_64/5.11.0-syscall-work", "-o", "-");
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        await process.StandardInput.BaseStream.WriteAsync(Samples.Object);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(await PatchedAsync(), output.ToArray());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_root, "blobs"), Samples.ObjectDigest.Hex + "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("text", "GUARDED: relocations without target: 1 of 11")]
    [InlineData("markdown", "### GUARDED: relocations without target: 1 of 11")]
    [InlineData("json", "{\n  \"object\": {")]
    public async Task Relocate_prints_the_report_on_standard_output(string form, string begins)
    {
        var (status, output, error) = await RunAsync(
            "relocate", Object(), "--btf", Btf("5.11.0-syscall-work.btf", Samples.NewBtf), "--report", form);
        Assert.Equal((0, ""), (status, error));
        Assert.StartsWith(begins, output, StringComparison.Ordinal);
        if (form == "json") Assert.Null(JsonNode.Parse(output)!["patched"]!["url"]);
    }

    [Fact]
    public async Task Types_prints_a_type_of_a_file()
    {
        string[] words = ["types", "thread_info", "--btf", Btf("5.11.0-syscall-work.btf", Samples.NewBtf)];
        var (status, output, error) = await RunAsync(words);
        Assert.Equal((0, ""), (status, error));
        Assert.StartsWith("/* custom/local/unknown/5.11.0-syscall-work */\nstruct thread_info {\n\tunsigned long              flags; ", output,
            StringComparison.Ordinal);
        Assert.EndsWith("\n};\n", output, StringComparison.Ordinal);
        var (_, json, _) = await RunAsync([.. words, "--report", "json"]);
        Assert.Equal(24, (int)JsonNode.Parse(json)!["type"]!["sizeBytes"]!);
        words[1] = "nothing";
        var missing = await RunAsync(words);
        Assert.Equal((3, ""), (missing.Status, missing.Output));
        Assert.Contains("has no 'nothing'", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_holds_an_object_against_several_files()
    {
        var (status, output, error) = await RunAsync(
            "check", Object(), "--btf", Btf("one", Samples.NewBtf), "--btf", Btf("two.btf", Samples.OldBtf));
        Assert.True(status == 0, error);
        Assert.StartsWith("GUARDED on 2 of 2 kernels\n", output, StringComparison.Ordinal);
        Assert.Contains("custom/local/", output, StringComparison.Ordinal);
        (status, output, error) = await RunAsync(
            "check", Object(), "--btf", Path.Combine(_root, "one"), "--fail-on", "poisoned", "--report", "json");
        Assert.Equal(4, status);
        Assert.Equal(1, (int)JsonNode.Parse(output)!["verdicts"]!["guarded"]!);
        Assert.Contains("failOn=poisoned refuses that", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_fails_by_default_where_the_object_would_not_load()
    {
        var (status, output, error) = await RunAsync("check", Object(), "--btf", Btf("x.btf", MadeUpBtf.WithoutPid()), "--report", "sarif");
        Assert.Equal(4, status);
        Assert.Equal("2.1.0", (string?)JsonNode.Parse(output)!["version"]);
        Assert.Contains("broken on 1 of 1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diagnose_explains_a_log()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "log"), "4: (85) call unknown#195896080\ninvalid func unknown#195896080\n");
        string[] words = ["diagnose", Object(), "--log", "log", "--btf", Btf("new.btf", Samples.NewBtf)];
        var (status, output, error) = await RunAsync([.. words, "--report", "json"]);
        Assert.Equal((0, ""), (status, error));
        Assert.Equal(1, (int)JsonNode.Parse(output)!["summary"]!["findings"]!);

        Assert.StartsWith("1 finding\n  object  in.bpf.o, sha256:", (await RunAsync(words)).Output, StringComparison.Ordinal);
        var markdown = (await RunAsync([.. words, "--report", "markdown"])).Output;
        Assert.StartsWith("### 1 finding\n\n| | |\n|---|---|\n| object | <code>in.bpf.o, ", markdown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "no kernel in the archive matches '6.6.6'", "relocate", "in.bpf.o", "--kernel", "6.6.6")]
    [InlineData(3, "missing.o cannot be read", "relocate", "missing.o", "--kernel", "6.6.6")]
    [InlineData(3, "no kernel in the archive matches --kernels 6.*", "check", "in.bpf.o", "--kernels", "6.*")]
    [InlineData(3, "nowhere.btf cannot be read", "check", "in.bpf.o", "--btf", "nowhere.btf")]
    [InlineData(4, "in.bpf.o: ", "relocate", "in.bpf.o", "--btf", "in.bpf.o")]
    [InlineData(4, "it is text", "relocate", "text", "--btf", "new.btf")]
    [InlineData(4, "failOn=poisoned refuses that", "relocate", "in.bpf.o", "--btf", "new.btf", "--fail-on", "poisoned", "-o", "out.o")]
    [InlineData(2, "in.bpf.o is an original BPF object", "relocate", "in.bpf.o", "--btf", "new.btf", "-o", "in.bpf.o")]
    [InlineData(6, "cannot be written", "relocate", "in.bpf.o", "--btf", "new.btf", "-o", "nowhere/out.o")]
    [InlineData(2, "did you mean --kernel?", "relocate", "in.bpf.o", "--kernl", "x")]
    [InlineData(2, "--report is 'txt', expected text or json or markdown; did you mean text?", "relocate", "in.bpf.o", "--kernel", "x", "--report", "txt")]
    public async Task Each_failure_has_the_status_of_fetch_sh_and_writes_nothing(int expected, string said, params string[] words)
    {
        Object();
        Btf("new.btf", Samples.NewBtf);
        await File.WriteAllTextAsync(Path.Combine(_root, "text"), "hello world\n");
        var (status, output, error) = await RunAsync(words);
        Assert.Equal(expected, status);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.True(output.Length == 0 || words[0] == "check", output);
        Assert.False(File.Exists(Path.Combine(_root, "out.o")));
        Assert.Equal(Samples.ObjectDigest, Digest.Of(await File.ReadAllBytesAsync(Path.Combine(_root, "in.bpf.o"))));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private Task<(int Status, string Output, string Error)> RunAsync(params string[] words) =>
        RunProgram.RunAsync(RunProgram.StartOf(_root, words));

    private string Object() => Btf("in.bpf.o", Samples.Object);

    private string Btf(string name, byte[] bytes)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static async Task<byte[]> PatchedAsync()
    {
        using var service = new ServiceHost(root: null);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/relocations?kernel={Samples.NewKernel}");
        request.Content = Answers.Body(Samples.Object);
        using var answer = await service.Http.SendAsync(request.Accepting("application/octet-stream"));
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
