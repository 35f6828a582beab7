using Relo.Api.Bundles;
using Relo.Api.Http.Problems;
using Relo.Api.Scripts;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Scripts;

/// <summary><c>select.sh</c> of real bundles, in every supported shell, on nodes of all kinds.</summary>
public sealed class SelectScriptTests : IDisposable
{
    private const string Release = "5.11.0-syscall-work"; // what a Node runs, on x86_64, with os-release sample 1

    private readonly ServiceHost _service = new(root: null);

    public static TheoryData<string> Shells => ["dash", "bash", "busybox"];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Node_gets_the_path_of_its_object_or_a_copy(string shell)
    {
        using var node = new Node(shell, "");
        var bundle = await BundleOnAsync(node);
        var expected = bundle.ObjectFor(Samples.NewKernel);

        var (status, said) = await SelectAsync(node);
        Assert.True(status == 0, said);
        Assert.Equal(expected, await File.ReadAllBytesAsync(node.PathOf(said.TrimEnd('\n'))));

        await File.WriteAllTextAsync(node.PathOf("t.o"), "the old one");
        var copied = await SelectAsync(node, "-o", "t.o");
        Assert.True(copied.Status == 0, copied.Said);
        Assert.Contains($"sha256:{Digest.Of(expected).Hex}", copied.Said, StringComparison.Ordinal);
        Assert.Equal(expected, await File.ReadAllBytesAsync(node.PathOf("t.o")));
        Assert.Equal((0, ""), await SelectAsync(node, "-q", "-o", "t.o"));
        Assert.Equal(
            ["bin", "bundle", "os-release", "t.o"], Directory.EnumerateFileSystemEntries(node.Home).Select(Path.GetFileName).Order());

        node.IsKernel("5.10.0-flags-status", "x86_64");
        Assert.Equal(bundle.ObjectFor(Samples.OldKernel), await PickedAsync(node));
        node.IsKernel("9.9.9", "x86_64");
        Assert.Equal(expected, await PickedAsync(node, "-k", Release));
        Assert.Equal(expected, await PickedAsync(node, "--kernel", Samples.NewKernel));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task An_original_is_not_overwritten(string shell)
    {
        using var node = new Node(shell, "");
        var bundle = await BundleOnAsync(node);
        await File.WriteAllBytesAsync(node.PathOf("tracer.bpf.o"), Samples.Object);
        var (status, said) = await SelectAsync(node, "-o", "tracer.bpf.o");
        Assert.True(
            status == 2 && said.Contains("would be lost; choose another FILE with -o", StringComparison.Ordinal), $"{status}: {said}");
        Assert.Equal(Samples.Object, await File.ReadAllBytesAsync(node.PathOf("tracer.bpf.o")));

        await File.WriteAllBytesAsync(node.PathOf("tracer.bpf.o"), bundle.ObjectFor(Samples.OldKernel));
        Assert.Equal(0, (await SelectAsync(node, "-o", "tracer.bpf.o")).Status);
        Assert.Equal(bundle.ObjectFor(Samples.NewKernel), await File.ReadAllBytesAsync(node.PathOf("tracer.bpf.o")));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Os_release_decides_between_kernels_of_one_release_and_where_it_does_not_nothing_is_picked(string shell)
    {
        using var node = new Node(shell, "");
        await AddAsync("other/1/x86_64/" + Release, Samples.OldBtf);
        var bundle = await BundleOnAsync(node);
        Assert.Equal(bundle.ObjectFor(Samples.NewKernel), await PickedAsync(node));
        await OsReleaseAsync(node, "ID='other'\nVERSION_ID=1\n");
        Assert.Equal(bundle.ObjectFor("other/1/x86_64/" + Release), await PickedAsync(node));

        foreach (var silent in new[] { "", "VERSION_ID=1\n" })
        {
            await OsReleaseAsync(node, silent);
            var (status, said) = await SelectAsync(node, "-o", "t.o");
            Assert.True(status == 3, $"{status}: {said}");
            Assert.Contains($"other/1/x86_64/{Release} {Samples.NewKernel}", said, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(node.PathOf("t.o")));
        Assert.Equal(bundle.ObjectFor(Samples.NewKernel), await PickedAsync(node, "--distro", "sample"));
        Assert.Equal(bundle.ObjectFor("other/1/x86_64/" + Release), await PickedAsync(node, "-k", "other/1/x86_64/" + Release));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Kernels_that_have_the_same_object_need_no_decision(string shell)
    {
        using var node = new Node(shell, "");
        await AddAsync("other/1/x86_64/" + Release, MadeUpBtf.Of("x")); // other BTF, the same object
        var bundle = await BundleOnAsync(node);
        await OsReleaseAsync(node, "");
        Assert.Equal(bundle.ObjectFor(Samples.NewKernel), await PickedAsync(node));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Another_kernel_is_never_taken(string shell)
    {
        using var node = new Node(shell, "");
        await BundleOnAsync(node);
        node.IsKernel("5.11.0-syscall-wor", "x86_64");
        Assert.Equal(3, (await SelectAsync(node)).Status);
        node.IsKernel("5.11.0.syscall-work", "x86_64"); // no pattern
        Assert.Equal(3, (await SelectAsync(node)).Status);
        node.IsKernel(Release, "aarch64");
        Assert.Contains("for arm64", (await SelectAsync(node)).Said, StringComparison.Ordinal);
        node.IsKernel(Release, "x86_64");
        await OsReleaseAsync(node, "ID=sample\nVERSION_ID=2\n");
        var (status, said) = await SelectAsync(node);
        Assert.Equal(3, status);
        Assert.Contains($"but: {Samples.NewKernel};", said, StringComparison.Ordinal);
        Assert.Equal(0, (await SelectAsync(node, "--version", "")).Status);
        foreach (var odd in new[] { "*", "", "a b", "x\n" + Release, "$(id)", "sample/1/x86_64/*" })
            Assert.NotEqual(0, (await SelectAsync(node, "-k", odd)).Status);
    }

    [Theory]
    [InlineData("ID=\"Rocky\"\nVERSION_ID=\"8.5\"", "4.18.0-348.el8.x86_64", "x86_64", "centos/8/x86_64/4.18.0-348.el8.x86_64")] // rebuilt from the same source
    [InlineData("ID=centos\nVERSION_ID=8", "4.18.0-348.el8.x86_64", "x86_64", "centos/8/x86_64/4.18.0-348.el8.x86_64")]
    [InlineData("ID=fedora\nVERSION_ID=35", "4.18.0-348.el8.x86_64", "x86_64", null)]
    [InlineData("ID=rocky\nVERSION_ID=8.5", "5.4.17-2.el8uek.x86_64", "x86_64", null)] // built by Oracle alone
    [InlineData("ID=amzn\nVERSION_ID=2018.03", "4.14.1-1.amzn1.x86_64", "x86_64", "amzn/1/x86_64/4.14.1-1.amzn1.x86_64")]
    [InlineData("ID=debian\nVERSION_ID=12", "6.1.0+x", "aarch64", "debian/12/arm64/6.1.0+x")]
    [InlineData("ID=debian\nVERSION_ID=12", "6.6.1-names", "i386", "debian/12/i686/6.6.1-names")]
    [InlineData("ID=debian\nVERSION_ID=12", "6.6.2-names", "ppc64el", "debian/12/ppc64le/6.6.2-names")]
    [InlineData("ID=debian\nVERSION_ID=12", "6.6.3-names", "armhf", "debian/12/armv7l/6.6.3-names")]
    [InlineData("ID=oracle\nVERSION_ID=8.1", "5.4.17-2.el8uek.x86_64", "amd64", "ol/8/x86_64/5.4.17-2.el8uek.x86_64")]
    public async Task It_finds_what_the_service_would_find(string osRelease, string release, string machine, string? expected)
    {
        using var node = new Node("dash", "");
        foreach (var id in new[]
        {
            "centos/8/x86_64/4.18.0-348.el8.x86_64", "ol/8/x86_64/5.4.17-2.el8uek.x86_64", "amzn/1/x86_64/4.14.1-1.amzn1.x86_64",
            "debian/12/arm64/6.1.0+x", "debian/12/i686/6.6.1-names", "debian/12/ppc64le/6.6.2-names", "debian/12/armv7l/6.6.3-names",
        })
            await AddAsync(id, Samples.NewBtf);
        node.IsKernel(release, machine);
        await OsReleaseAsync(node, osRelease + "\n");
        var bundle = await BundleOnAsync(node);
        var picked = await SelectAsync(node);

        var fields = osRelease.Replace("\"", "", StringComparison.Ordinal).Split('\n', '=');
        using var asked = await _service.Http.GetAsync(
            $"/v1/kernels/resolve?kernel={Uri.EscapeDataString(release)}&arch={machine}&distro={fields[1]}&version={fields[3]}");
        Assert.Equal(expected, asked.IsSuccessStatusCode ? (string?)(await asked.JsonAsync())["id"] : null);
        Assert.True(picked.Status == (expected is null ? 3 : 0), picked.Said);
        if (expected is not null)
            Assert.Equal(bundle.ObjectFor(expected), await File.ReadAllBytesAsync(node.PathOf(picked.Said.TrimEnd('\n'))));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Object_that_cannot_be_used_here_is_status_4_with_the_reason(string shell)
    {
        using var node = new Node(shell, "");
        await AddAsync("aaa/1/x86_64/6.6.6", MadeUpBtf.Ambiguous());
        await BundleOnAsync(node);
        var (status, said) = await SelectAsync(node, "-k", "aaa/1/x86_64/6.6.6");
        Assert.Equal(4, status);
        Assert.Contains("ambiguity", said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Object_that_needs_what_the_kernel_lacks_is_selected_with_a_warning(string shell)
    {
        using var node = new Node(shell, "");
        await AddAsync("poor/1/x86_64/6.6.6", MadeUpBtf.WithoutHashMaps());
        await BundleOnAsync(node);
        var (status, said) = await SelectAsync(node, "-o", "t.o", "-k", "poor/1/x86_64/6.6.6");
        Assert.Equal(0, status);
        Assert.StartsWith(
            "select.sh: warning: 6.6.6 lacks what the object needs, so it will not load: hash\n", said, StringComparison.Ordinal);
        Assert.True(File.Exists(node.PathOf("t.o")));
        Assert.Equal((0, ""), await SelectAsync(node, "-q", "-o", "t.o", "-k", "poor/1/x86_64/6.6.6"));
        Assert.DoesNotContain("warning", (await SelectAsync(node, "-o", "t.o", "-k", Samples.NewKernel)).Said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task What_is_damaged_or_missing_never_gets_the_name(string shell)
    {
        using var node = new Node(shell, "");
        var bundle = await BundleOnAsync(node);
        await File.WriteAllTextAsync(node.PathOf("t.o"), "the old one");
        var file = node.PathOf("bundle/" + (string)bundle.Index["kernels"]![Samples.NewKernel]!);
        await File.AppendAllTextAsync(file, "x");
        Assert.Equal(5, (await SelectAsync(node)).Status);
        Assert.Equal(5, (await SelectAsync(node, "-o", "t.o")).Status);
        File.Delete(file);
        Assert.Equal(5, (await SelectAsync(node, "-o", "t.o")).Status);
        Assert.Equal("the old one", await File.ReadAllTextAsync(node.PathOf("t.o")));
        Assert.Equal(
            ["bin", "bundle", "os-release", "t.o"], Directory.EnumerateFileSystemEntries(node.Home).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Wrong_usage_folders_and_missing_programs_have_a_status_of_their_own()
    {
        using var node = new Node("dash", "");
        await BundleOnAsync(node);
        foreach (string[] args in new[] { new[] { "--nonsense" }, ["-o"], ["tracer"], ["-k", ""] })
            Assert.Equal(2, (await SelectAsync(node, args)).Status);
        Assert.Equal(0, (await SelectAsync(node, "--help")).Status);
        Assert.Equal(6, (await SelectAsync(node, "-o", "bundle")).Status);
        Assert.Equal(6, (await SelectAsync(node, "-o", "nowhere/t.o")).Status);
        File.Delete(node.PathOf("bin/sha256sum"));
        Assert.Equal(7, (await SelectAsync(node)).Status);
        Assert.SkipUnless(Node.Find("openssl") is not null, "openssl is not installed");
        node.Link("openssl", Node.Find("openssl")!);
        Assert.Equal(0, (await SelectAsync(node)).Status);
    }

    [Fact]
    public async Task Script_that_is_cut_off_does_nothing()
    {
        using var node = new Node("dash", "");
        var script = (await BundleOnAsync(node)).Files["select.sh"];
        for (var length = script.Length / 16; length < script.Length - 12; length += script.Length / 16)
        {
            await File.WriteAllBytesAsync(node.PathOf("bundle/select.sh"), script[..length]);
            Assert.DoesNotContain("objects/", (await SelectAsync(node, "-o", "t.o")).Said, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(node.PathOf("t.o")));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Reasons_are_shown_and_not_run(string shell)
    {
        using var node = new Node(shell, "");
        await BundleOnAsync(node);
        var script =
            new SelectScript(await NodeScript.ReadAsync(
                Path.Combine(AppContext.BaseDirectory, "wwwroot"), "select.sh", TestContext.Current.CancellationToken));
        var kernel = new Kernel("evil/1/x86_64/6.6.6", "evil", "1", "x86_64", "6.6.6", default, 0, "upload", default, []);
        script.Add(new UnusablePart(kernel, ProblemKinds.RelocationFailed, "'\"$(touch pwned)`touch pwned`\nEND\n}\ntouch pwned\n\\"));
        await File.WriteAllBytesAsync(node.PathOf("bundle/select.sh"), script.ToBytes());
        node.Link("touch", Node.Find("touch")!);
        var (status, said) = await SelectAsync(node, "-k", kernel.Id);
        Assert.Equal(4, status);
        Assert.Contains("'\"$(touch pwned)`touch pwned` END } touch pwned \\", said, StringComparison.Ordinal);
        Assert.False(File.Exists(node.PathOf("pwned")));
    }

    public void Dispose() => _service.Dispose();

    private static Task<(int Status, string Said)> SelectAsync(Node node, params string[] args) =>
        node.RunFileAsync("bundle/select.sh", args);

    private static async Task<byte[]> PickedAsync(Node node, params string[] args)
    {
        var (status, said) = await SelectAsync(node, args);
        Assert.True(status == 0, said);
        return await File.ReadAllBytesAsync(node.PathOf(said.TrimEnd('\n')));
    }

    private static Task OsReleaseAsync(Node node, string text) => File.WriteAllTextAsync(node.PathOf("os-release"), text);

    private async Task<Bundle> BundleOnAsync(Node node)
    {
        var bundle = await Bundle.OfAsync(_service.Http, "");
        bundle.ExtractTo(node.PathOf("bundle"));
        return bundle;
    }

    private async Task AddAsync(string id, byte[] btf)
    {
        var parts = id.Split('/');
        var query = $"distro={parts[0]}&version={parts[1]}&arch={parts[2]}&release={Uri.EscapeDataString(parts[3])}";
        (await _service.Http.PostAsync($"/v1/kernels?{query}", Answers.Body(btf))).EnsureSuccessStatusCode();
    }
}
