using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Commands;

public sealed class CommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-commands-").FullName;

    [Fact]
    public async Task Import_adds_what_is_sound_says_what_is_not_and_list_shows_it()
    {
        var tree = Tree(("debian/12/x86_64/6.1.0-1-amd64.btf", Samples.OldBtf), ("debian/12/x86_64/6.1.0-2-amd64.btf", Samples.NewBtf), ("debian/12/x86_64/broken.btf", Samples.NewBtf[..100]));
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
        Assert.Equal(1, (await RunProgram.RunAsync(_root, "import", Directory.CreateDirectory(Path.Combine(_root, "empty")).FullName)).Status);
        var (status, output) = await RunProgram.RunAsync(_root, "import", "/nowhere");
        Assert.Equal(1, status);
        Assert.Contains("/nowhere", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_service_takes_notice_of_an_import_beside_it()
    {
        using var service = new ServiceHost(Directory.CreateDirectory(Path.Combine(_root, "archive")).FullName);
        var (status, _) = await RunProgram.RunAsync(service.Root, "import", Tree(("debian/12/x86_64/6.1.0-1-amd64.btf", Samples.OldBtf)));
        Assert.Equal(0, status);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!(await service.Http.GetAsync("/v1/kernels/resolve?kernel=6.1.0-1-amd64", patience.Token)).IsSuccessStatusCode) await Task.Delay(100, patience.Token);
    }

    [Fact]
    public async Task Health_is_what_the_service_of_the_same_address_says()
    {
        using var service = new ServiceHost(root: null);
        var (status, output) = await RunProgram.RunAsync(_root, "--health", $"--urls={service.Http.BaseAddress}");
        Assert.Equal(0, status);
        Assert.Contains("healthy", output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunProgram.RunAsync(_root, "--health", "--urls=http://localhost:1")).Status);
    }

    [Fact]
    public async Task Unknown_command_prints_the_usage()
    {
        var (status, output) = await RunProgram.RunAsync(_root, "relocate");
        Assert.Equal(2, status);
        Assert.Contains("import <path>", output, StringComparison.Ordinal);
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
