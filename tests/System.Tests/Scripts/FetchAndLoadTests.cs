using Relo.Api.Signing;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Scripts;

/// <summary>
/// <c>fetch.sh --load</c> on a node without kernel BTF: in its own mount namespace, an empty folder hides <c>/sys/kernel/btf</c>.
/// </summary>
public sealed class FetchAndLoadTests(Service service) : IClassFixture<Service>
{
    private const string HideBtf = "/bin/mount -t tmpfs none /sys/kernel/btf && /bin/mount -t bpf none bpf && exec \"$@\"";

    [Theory]
    [InlineData("dash")]
    [InlineData("busybox")]
    public async Task Programs_are_loaded_and_replaced_only_by_ones_that_load(string shell)
    {
        using var node = NodeWithBpf(shell);
        var script = await service.Http.GetStringAsync(new Uri("/fetch.sh", UriKind.Relative), TestContext.Current.CancellationToken);
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object), TestContext.Current.CancellationToken);

        // One shell for everything: pinned objects disappear with its file system.
        var all = $"""
            fetch() (
            {script}
            )
            fetch tracer --load bpf/tracer; echo "first $?"; ls bpf/tracer
            fetch tracer --load bpf/tracer; echo "second $?"
            rm -r bpf/tracer
            fetch tracer --load bpf/tracer; echo "third $?"; ls bpf/tracer
            printf x >> tracer.relocated.bpf.o
            fetch tracer --load bpf/tracer; echo "fourth $?"
            fetch broken --load bpf/tracer; echo "fifth $?"; ls bpf bpf/tracer
            """;
        await service.Http.PostAsync("/v1/objects?name=broken", Answers.Body(Spoiled()), TestContext.Current.CancellationToken);
        var (_, said) = await node.RunAsync(all);
        Assert.SkipWhen(said.Contains("Operation not permitted", StringComparison.Ordinal), $"bpf() is not permitted here: {said}");
        Assert.Contains("first 0\n", said, StringComparison.Ordinal);
        Assert.Contains("second 0\n", said, StringComparison.Ordinal);
        Assert.Contains("third 0\n", said, StringComparison.Ordinal);
        Assert.Contains("fourth 0\n", said, StringComparison.Ordinal);
        Assert.Contains("fifth 8\n", said, StringComparison.Ordinal);
        Assert.Equal(3, said.Split("loaded and pinned under bpf/tracer").Length - 1);
        var left = said[said.IndexOf("fifth 8", StringComparison.Ordinal)..].Split('\n', StringSplitOptions.TrimEntries);
        Assert.Contains("tracer", left);
        Assert.Contains("handle_sched_switch", left);
        // neither the old nor the half of the new
        Assert.DoesNotContain(left, line => line.StartsWith("tracer_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dash")]
    [InlineData("busybox")]
    public async Task Object_is_fetched_verified_and_loaded_in_one_command(string shell)
    {
        var pem = TestKeys.Pem();
        using var signer = FileSigner.Parse(pem, password: null);
        using var key = new KeyFile(pem);
        using var signing = new ServiceHost(root: null, ("Signing:KeyFile", key.Path));
        using var node = NodeWithBpf(shell);
        foreach (var tool in (string[])["awk", "fold", "wc"]) node.Link(tool, Node.Find(shell == "busybox" ? "busybox" : tool)!);
        node.Link("openssl", Node.Find("openssl")!);
        await File.WriteAllTextAsync(node.PathOf("relo.pem"), signer.Key.Pem, TestContext.Current.CancellationToken);
        using var added = await signing.Http.PostAsync(
            "/v1/objects?name=tracer", Answers.Body(Samples.Object), TestContext.Current.CancellationToken);
        var script = await signing.Http.GetStringAsync(new Uri("/fetch.sh", UriKind.Relative), TestContext.Current.CancellationToken);
        var (_, said) = await node.RunAsync($"""
            fetch() (
            {script}
            )
            fetch tracer --verify-key relo.pem --load bpf/tracer; echo "ended with $?"; ls bpf/tracer
            """);
        Assert.SkipWhen(said.Contains("Operation not permitted", StringComparison.Ordinal), $"bpf() is not permitted here: {said}");
        Assert.True(said.Contains("ended with 0\n", StringComparison.Ordinal), said);
        Assert.Contains("handle_sched_switch", said, StringComparison.Ordinal);
    }

    /// <summary>The sample with a first instruction that no kernel accepts; its relocations are unchanged.</summary>
    private static byte[] Spoiled()
    {
        var bytes = (byte[])Samples.Object.Clone();
        var program = Core.Objects.BpfObject.Read(bytes).Programs.First(p => !p.IsSubprogram);
        bytes[program.Section.Offset + (program.FirstInstruction * 8)] = 0xff;
        return bytes;
    }

    private static Node NodeWithBpf(string shell)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root may mount and load");
        Assert.SkipUnless(Node.Find("bpftool") is not null, "bpftool is not installed");
        Assert.SkipUnless(Node.Find("unshare") is not null, "unshare is not installed");
        Assert.SkipUnless(Directory.Exists("/sys/kernel/btf"), "the running kernel has no BTF to hide");
        var node = new Node(shell, "curl") { Through = [Node.Find("unshare")!, "--mount", "/bin/sh", "-c", HideBtf, "sh"] };
        Directory.CreateDirectory(node.PathOf("bpf"));
        node.Link("bpftool", Node.Find("bpftool")!);
        node.Link("ls", "/bin/ls");
        return node;
    }
}
