using System.Diagnostics;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Tests.Fixtures;

namespace Relo.SystemTests.Commands;

public sealed class CommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-commands-").FullName;

    [Fact]
    public async Task Import_adds_what_is_sound_says_what_is_not_and_list_shows_it()
    {
        var tree = Tree(("debian/12/x86_64/6.1.0-1-amd64.btf", Samples.OldBtf), ("debian/12/x86_64/6.1.0-2-amd64.btf", Samples.NewBtf),
            ("debian/12/x86_64/broken.btf", Samples.NewBtf[..100]));
        var (status, output) = await RunProgram.RunAsync(_root, "import", tree);
        Assert.Equal(0, status);
        Assert.Contains("[3/3]", output, StringComparison.Ordinal);
        Assert.Contains("broken.btf: invalid-btf: ", output, StringComparison.Ordinal);
        Assert.Contains("2 added, 0 present, 1 rejected", output, StringComparison.Ordinal);

        (status, output) = await RunProgram.RunAsync(_root, "import", tree);
        Assert.Equal(0, status);
        Assert.Contains("0 added, 2 present, 1 rejected", output, StringComparison.Ordinal);

        (status, output) = await RunProgram.RunAsync(_root, "list");
        Assert.Equal(0, status);
        Assert.Contains("debian/12/x86_64/6.1.0-1-amd64\tsha256:", output, StringComparison.Ordinal);
        Assert.Contains("debian/12/x86_64/6.1.0-2-amd64\tsha256:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_that_takes_nothing_fails()
    {
        Assert.Equal(1, (await RunProgram.RunAsync(_root, "import", Tree(("debian/12/x86_64/broken.btf", Samples.NewBtf[..100])))).Status);
        Assert.Equal(
            1, (await RunProgram.RunAsync(_root, "import", Directory.CreateDirectory(Path.Combine(_root, "empty")).FullName)).Status);
        var (status, output) = await RunProgram.RunAsync(_root, "import", "/nowhere");
        Assert.Equal(1, status);
        Assert.Contains("/nowhere", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_service_knows_at_once_of_an_import_beside_it()
    {
        using var service = new ServiceHost(Directory.CreateDirectory(Path.Combine(_root, "archive")).FullName);
        var (status, _) = await RunProgram.RunAsync(service.Root, "import", Tree(("debian/12/x86_64/6.1.0-1-amd64.btf", Samples.OldBtf)));
        Assert.Equal(0, status);
        // The next request sees it, whatever it asks.
        var listed = await (await service.Http.GetAsync("/v1/kernels?distro=debian")).JsonAsync();
        Assert.Equal("debian/12/x86_64/6.1.0-1-amd64", (string?)Assert.Single(listed["items"]!.AsArray())!["id"]);
        (status, _) = await RunProgram.RunAsync(service.Root, "import", Tree(("debian/12/x86_64/6.1.0-2-amd64.btf", Samples.OldBtf)));
        Assert.Equal(0, status);
        Assert.True((await service.Http.GetAsync("/v1/kernels/resolve?kernel=6.1.0-2-amd64")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Health_is_what_the_service_of_the_same_address_says()
    {
        using var service = new ServiceHost(root: null);
        var (status, output) = await RunProgram.RunAsync(_root, "--health", $"--urls={service.Http.BaseAddress}");
        Assert.Equal(0, status);
        Assert.Contains("healthy", output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunProgram.RunAsync(_root, "--health", "--urls=http://localhost:1")).Status);
        var start = RunProgram.StartOf(_root, "--health", $"--urls={service.Http.BaseAddress}");
        (start.Environment["http_proxy"], start.Environment["no_proxy"]) = ("http://localhost:1", ""); // for downloads
        Assert.Equal(0, (await RunProgram.RunAsync(start)).Status);
    }

    [Fact]
    public async Task A_signal_while_another_process_migrates_the_archive_stops_a_command_cleanly()
    {
        TestDatabase.SkipUnlessSqlite();
        TestBlobs.SkipUnlessFiles();
        var blobs = Directory.CreateDirectory(Path.Combine(_root, "blobs")).FullName;
        await using var another = new FileStream(Path.Combine(blobs, ".migrating"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using var process = Process.Start(RunProgram.StartOf(_root, "list"))!;
        var stop = TestContext.Current.CancellationToken;
        while (Directory.GetDirectories(blobs).Length == 0 && !process.HasExited) await Task.Delay(10, stop); // until it opens the archive
        using var kill = Process.Start("kill", $"-TERM {process.Id}");
        var error = await process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("stopped\n", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_lines_of_the_log_are_written_before_a_command_ends()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "uploads")).FullName, "left"), "");
        var (_, _, error) = await RunProgram.RunAsync(RunProgram.StartOf(_root, "list"));
        Assert.Contains("Removed 1 temporary files", error, StringComparison.Ordinal); // written at once, because it is the first line
        Assert.Contains("is open with 0 kernels", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "there is no command relocat", "relocat")]
    [InlineData(2, "did you mean import?", "improt", "/x")]
    [InlineData(2, "did you mean --dry-run?", "prune", "--dryrun")]
    [InlineData(1, "there is no setting Acess:Mode (from the command line); did you mean Access:Mode?", "--Acess:Mode=Keys")]
    [InlineData(1, "there is no setting Archive:Rooot (from the command line); did you mean Archive:Root?", "list", "--Archive:Rooot=/x")]
    [InlineData(1, "there is no setting Access:Mode:Keys", "--Access:Mode:Keys=x")]
    [InlineData(1, "Archive is '/data', and has no value of its own; expected one of its settings, such as Archive:Root", "--Archive=/data")]
    [InlineData(1, "Access:Keys has no name; expected Access:Keys:<name>", "--Access:Keys=0123456789abcdef")]
    [InlineData(1, "there is no setting url (from the command line); did you mean urls?", "--url=http://localhost:1")]
    [InlineData(1, "Access:Mode is '2', expected Open or Keys or KeysForAll", "--Access:Mode=2")]
    [InlineData(1, "Access:Mode is 'Kees', expected Open or Keys or KeysForAll; did you mean Keys?", "--Access:Mode=Kees")]
    public async Task Word_that_is_not_known_is_refused_on_standard_error_with_what_was_meant(
        int expected, string said, params string[] words)
    {
        var (status, output, error) = await RunProgram.RunAsync(RunProgram.StartOf(_root, words));
        Assert.Equal((expected, ""), (status, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root)); // nothing was begun
    }

    [Theory]
    [InlineData("Acess__Mode", "Keys", "there is no setting Acess:Mode (from the environment); did you mean Access:Mode?")]
    [InlineData("Archive__Rooot", "/x", "there is no setting Archive:Rooot (from the environment); did you mean Archive:Root?")]
    [InlineData("ASPNETCORE_Access__Mod", "Keys", "there is no setting Access:Mod")]
    [InlineData("SomebodyElse__Access", "x", null)] // the environment belongs to everybody
    [InlineData("Logging__LogLevel__Default", "Debug", null)]
    public async Task Variable_that_looks_like_a_setting_of_ours_must_be_one(string name, string value, string? said)
    {
        var start = RunProgram.StartOf(_root, "list");
        start.Environment[name] = value;
        var (status, _, error) = await RunProgram.RunAsync(start);
        Assert.Equal(said is null ? 0 : 1, status);
        Assert.Contains(said ?? "", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("http://localhost:99999")]
    [InlineData("ftp://localhost:1")]
    [InlineData("http://127.0.0.l:0")] // a name, of which the server would make all addresses
    [InlineData("http://localhost:0/base")]
    [InlineData("http://127.0.0.1:0;bar")]
    [InlineData("http://192.0.2.1:8080")] // nobody's (RFC 5737)
    public async Task Address_that_cannot_be_listened_on_is_one_line(string urls)
    {
        var start = RunProgram.StartOf(_root);
        (start.Environment["ASPNETCORE_URLS"], start.Environment["Serilog__MinimumLevel__Default"]) = (urls, "Fatal");
        start.Environment["Serilog__MinimumLevel__Override__Microsoft.Hosting.Lifetime"] = "Fatal";
        var (status, output, error) = await RunProgram.RunAsync(start);
        Assert.Equal((1, ""), (status, output));
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("ASPNETCORE_URLS", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_of_a_command_is_on_standard_output_and_the_log_is_not()
    {
        var tree = Tree(("debian/12/x86_64/6.1.0-1-amd64.btf", Samples.OldBtf));
        var (_, output, error) = await RunProgram.RunAsync(RunProgram.StartOf(_root, "import", tree));
        Assert.Equal("1 added, 0 present, 0 rejected\n", output);
        Assert.Contains("[1/1] added", error, StringComparison.Ordinal);
        (_, output, error) = await RunProgram.RunAsync(RunProgram.StartOf(_root, "list"));
        Assert.StartsWith("debian/12/x86_64/6.1.0-1-amd64\tsha256:",
            Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("is open with 1 kernels", error, StringComparison.Ordinal);
        (_, output, error) = await RunProgram.RunAsync(RunProgram.StartOf(_root, "import", "/nowhere"));
        Assert.Equal("", output);
        Assert.Contains("/nowhere", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Relo 1.", "--version")]
    [InlineData("usage: Relo.Api [command]", "--help")]
    [InlineData("usage: Relo.Api prune [options]", "prune", "--help")]
    public async Task Version_and_help_are_answers(string begins, params string[] words)
    {
        var (status, output, error) = await RunProgram.RunAsync(RunProgram.StartOf(_root, words));
        Assert.Equal((0, ""), (status, error));
        Assert.StartsWith(begins, output, StringComparison.Ordinal);
    }

    // One of each class of options, and of each that settings are handed on to.
    [Theory]
    [InlineData("--Access:Mode=Keys", "Access:Keys")]
    [InlineData("--Archive:UnpackTimeout=-1", "Archive:UnpackTimeout")]
    [InlineData("--Archive:RegisterSamples=perhaps", "Archive:RegisterSamples")]
    [InlineData("--Archive:Upstream:BaseUrl=example.com", "Archive:Upstream:BaseUrl")]
    [InlineData("--Cache:Bytes=much", "Cache:Bytes")]
    [InlineData("--Cache:ResultBytes=-1", "Cache:ResultBytes")]
    [InlineData("--Compatibility:Parallelism=-1", "Compatibility:Parallelism")]
    [InlineData("--Cors:Origins=https://tools.example.com/page", "Cors:Origins")]
    [InlineData("--Limits:ObjectBytes=12", "Limits:RequestTime", "--Limits:RequestTime=00:00:00")]
    [InlineData("--Limits:ShutdownTime=soon", "Limits:ShutdownTime")]
    [InlineData("--Log:Format=xml", "Log:Format")]
    [InlineData("--Objects:Retention=-1", "Objects:Retention")]
    [InlineData("--Proxies:Known=proxy.example.com", "Proxies:Known")]
    [InlineData("--Serilog:MinimumLevel:Default=Loud", "Loud")]
    [InlineData("--Kestrel:Endpoints:Http:Url=example", "example")]
    [InlineData("--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0", "/nowhere/tls.crt", "--Kestrel:Endpoints:Https:Certificate:Path=/nowhere/tls.crt")]
    [InlineData("--Archive:Root=/proc/nowhere", "Archive:Root")]
    public async Task Start_with_a_setting_that_cannot_work_is_refused_with_its_name(string setting, string named, params string[] more)
    {
        var (status, output) = await RunProgram.RunAsync(_root, [setting, "--urls=http://localhost:0", .. more]);
        Assert.Equal(1, status);
        Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal); // no stack: it is not a defect
    }

    private string Tree(params (string Path, byte[] Bytes)[] files)
    {
        var tree = Path.Combine(_root, "tree");
        foreach (var (path, bytes) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(tree, path))!);
            File.WriteAllBytes(Path.Combine(tree, path), bytes);
        }

        return tree;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
