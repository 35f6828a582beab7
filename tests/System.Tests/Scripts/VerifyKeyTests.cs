using System.Text;
using Relo.Api.Bundles;
using Relo.Api.Signing;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Scripts;

/// <summary><c>fetch.sh --verify-key</c>: what a node takes from a server that it does not trust.</summary>
public sealed class VerifyKeyTests : IDisposable
{
    private const string Output = "tracer.relocated.bpf.o";
    private const int Steps = 24; // each runs the script once

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-signing-").FullName;
    private readonly ServiceHost _service;
    private readonly PublicKey _key;

    public VerifyKeyTests()
    {
        var pem = TestKeys.Pem();
        using var signer = FileSigner.Parse(pem, password: null);
        _key = signer.Key;
        File.WriteAllText(Path.Combine(_folder, "key"), pem);
        _service = new(root: null, ("Signing:KeyFile", Path.Combine(_folder, "key")));
    }

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("dash", "curl")]
    [InlineData("bash", "wget")]
    [InlineData("busybox", "busybox-wget")]
    public async Task Object_is_taken_with_a_statement_that_the_key_signed(string shell, string downloader)
    {
        using var node = await NodeAsync(shell, downloader);
        for (var times = 0; times < 2; times++)
        {
            var (status, said) = await node.RunAsync(await ScriptAsync(), "tracer", "--verify-key", "relo.pem");
            Assert.True(status == 0, said);
            Assert.Equal(await PatchedAsync(), await File.ReadAllBytesAsync(node.PathOf(Output), Patience));
        }
    }

    [Theory]
    [InlineData("dash", "curl")]
    [InlineData("busybox", "busybox-wget")]
    public async Task OpenSsl_1_1_1_of_an_old_node_verifies_and_refuses(string shell, string downloader)
    {
        var old = FixtureFiles.Cached("openssl-1.1.1");
        Assert.SkipUnless(File.Exists(Path.Combine(old, "usr/bin/openssl")), $"no openssl in {old}: tests/corpus/openssl fetches it");
        using var node = await NodeAsync(shell, downloader);
        node.HasOpenSslOf(old);
        await File.WriteAllTextAsync(node.PathOf("version"), "openssl version\n", Patience);
        Assert.StartsWith("OpenSSL 1.1.1", (await node.RunFileAsync(node.PathOf("version"))).Said, StringComparison.Ordinal);
        var script = await ScriptAsync();
        var (status, said) = await node.RunAsync(script, "tracer", "--verify-key", "relo.pem");
        Assert.True(status == 0, said);
        Assert.Equal(await PatchedAsync(), await File.ReadAllBytesAsync(node.PathOf(Output), Patience));

        using var other = TestKeys.Signer();
        await File.WriteAllTextAsync(node.PathOf("relo.pem"), other.Key.Pem, Patience);
        (status, said) = await node.RunAsync(script, "tracer", "--verify-key", "relo.pem", "-o", "t.o");
        Assert.True(
            status == 9 && said.Contains("no key in relo.pem signed the statement", StringComparison.Ordinal), $"{status}: {said}");
        Assert.False(File.Exists(node.PathOf("t.o")));
    }

    [Fact]
    public async Task Object_is_named_by_its_digest_too()
    {
        using var node = await NodeAsync("dash", "curl");
        var (status, said) = await node.RunAsync(
            await ScriptAsync(), Digest.Of(Samples.Object).Hex, "--verify-key", "relo.pem", "-o", "t.o");
        Assert.True(status == 0, said);
    }

    [Fact]
    public async Task Kernel_named_by_its_BTF_is_compared_and_one_that_cannot_be_compared_is_wrong_usage()
    {
        using var node = await NodeAsync("dash", "curl");
        var (script, digest) = (await ScriptAsync(), Digest.Of(Samples.NewBtf).ToString());
        string[] options = ["tracer", "--verify-key", "relo.pem", "--kernel"];
        var (status, said) = await node.RunAsync(script, [.. options, digest]);
        Assert.True(status == 0, said);
        File.Delete(node.PathOf(Output));
        var old = $"kernel={Digest.Of(Samples.OldBtf)}";
        var (patched, envelope) = (await BytesAsync($"/v1/relocated/tracer?{old}"), await BytesAsync($"/v1/relocated/tracer/attestation?{old}"));
        await using var server = new FakeServer(Answer(patched), new(200, envelope), Answer(patched), new(200, envelope));
        (status, said) = await node.RunAsync(script, [.. options, digest, "--server", server.Address]);
        Assert.True(status == 9 && said.Contains("about other BTF", StringComparison.Ordinal), $"{status}: {said}");
        Assert.False(File.Exists(node.PathOf(Output)));
        Assert.Equal(2, (await node.RunAsync(script, [.. options, "Linux version 5.11.0-syscall-work"])).Status);
        Assert.Equal(2, (await node.RunAsync(script, [.. options, "buildid:00112233"])).Status);
    }

    [Fact]
    public async Task Any_of_several_keys_in_the_file_verifies()
    {
        using var node = await NodeAsync("dash", "curl");
        using var other = TestKeys.Signer();
        await File.WriteAllTextAsync(node.PathOf("relo.pem"), "# of 2025\n" + other.Key.Pem + "# of 2026\n" + _key.Pem, Patience);
        Assert.Equal(0, (await node.RunAsync(await ScriptAsync(), "tracer", "--verify-key", "relo.pem")).Status);
        await File.WriteAllTextAsync(node.PathOf("relo.pem"), other.Key.Pem, Patience);
        Assert.Equal(9, (await node.RunAsync(await ScriptAsync(), "tracer", "--verify-key", "relo.pem")).Status);
    }

    [Theory]
    [InlineData("dash", "curl")]
    [InlineData("busybox", "busybox-wget")]
    public async Task A_server_that_changes_a_byte_is_refused_and_nothing_is_written(string shell, string downloader)
    {
        using var node = await NodeAsync(shell, downloader);
        var (patched, envelope) = (await PatchedAsync(), await EnvelopeAsync());
        var (script, text) = (await ScriptAsync(), Encoding.UTF8.GetString(envelope));
        var payload = text.IndexOf("\"payload\":\"", StringComparison.Ordinal) + 11;
        var length = text.IndexOf('"', payload) - payload;
        var signature = text.IndexOf("\"sig\":\"", StringComparison.Ordinal) + 7;
        foreach (var at in Enumerable.Range(0, Steps).Select(i => payload + (int)((long)i * (length - 1) / (Steps - 1)))
            .Concat([signature, signature + 20, signature + 60]))
        {
            var changed = (byte[])envelope.Clone();
            changed[at] = changed[at] == (byte)'A' ? (byte)'B' : (byte)'A';
            await using var server = new FakeServer(Answer(patched), new(200, changed), Answer(patched), new(200, changed));
            var (status, said) = await node.RunAsync(script, "tracer", "--verify-key", "relo.pem", "--server", server.Address);
            Assert.True(status == 9, $"byte {at}: {status}: {said}");
        }

        // A changed object has another digest, which a lying server announces, too.
        for (var i = 0; i < Steps; i++)
        {
            var changed = (byte[])patched.Clone();
            changed[(int)((long)i * (patched.Length - 1) / (Steps - 1))] ^= 1;
            await using var server = new FakeServer(Answer(changed), new(200, envelope), Answer(changed), new(200, envelope));
            var (status, said) = await node.RunAsync(script, "tracer", "--verify-key", "relo.pem", "--server", server.Address);
            Assert.True(status == 9 && said.Contains("the statement is about sha256", StringComparison.Ordinal), $"{status}: {said}");
        }

        Assert.False(File.Exists(node.PathOf(Output)));
        Assert.False(File.Exists(node.PathOf(Output + ".etag")));
    }

    [Fact]
    public async Task A_true_statement_about_another_kernel_or_object_is_refused()
    {
        using var node = await NodeAsync("dash", "curl");
        var script = await ScriptAsync();
        await ReplayAsync(
            $"/v1/relocated/tracer?kernel={Samples.OldKernel}", $"/v1/relocated/tracer/attestation?kernel={Samples.OldKernel}",
            "not for /x86_64/5.11.0-syscall-work");
        (await _service.Http.PostAsync("/v1/objects?name=evil", Answers.Body(Samples.Object), Patience)).Dispose();
        await ReplayAsync($"/v1/relocated/evil?kernel={Samples.NewKernel}", $"/v1/relocated/evil/attestation?kernel={Samples.NewKernel}",
            "the statement is about evil.bpf.o, not tracer.bpf.o");

        async Task ReplayAsync(string file, string statement, string reason)
        {
            var (patched, envelope) = (await BytesAsync(file), await BytesAsync(statement));
            await using var server = new FakeServer(Answer(patched), new(200, envelope), Answer(patched), new(200, envelope));
            var (status, said) = await node.RunAsync(script, "tracer", "--verify-key", "relo.pem", "--server", server.Address);
            Assert.True(status == 9 && said.Contains(reason, StringComparison.Ordinal), $"{status}: {said}");
            Assert.False(File.Exists(node.PathOf(Output)));
        }
    }

    [Fact]
    public async Task A_file_that_is_there_is_checked_again()
    {
        using var node = await NodeAsync("dash", "curl");
        var patched = await PatchedAsync();
        await File.WriteAllBytesAsync(node.PathOf(Output), patched, Patience);
        await File.WriteAllTextAsync(node.PathOf(Output + ".etag"), $"\"{Digest.Of(patched)}\"\n", Patience);
        await using var server = new FakeServer(new(304, [], $"\"{Digest.Of(patched)}\""), new(404, "{\"detail\":\"no\"}"u8.ToArray()));
        var (status, said) = await node.RunAsync(await ScriptAsync(), "tracer", "--verify-key", "relo.pem", "--server", server.Address);
        Assert.True(status == 9 && said.Contains("the server has no signed statement", StringComparison.Ordinal), $"{status}: {said}");
    }

    [Fact]
    public async Task Moved_tag_is_fetched_once_more()
    {
        using var node = await NodeAsync("dash", "curl");
        var old = await BytesAsync($"/v1/relocated/tracer?kernel={Samples.OldKernel}");
        var (patched, envelope) = (await PatchedAsync(), await EnvelopeAsync());
        await using var server = new FakeServer(Answer(old), new(200, envelope), Answer(patched), new(200, envelope));
        var (status, said) = await node.RunAsync(await ScriptAsync(), "tracer", "--verify-key", "relo.pem", "--server", server.Address);
        Assert.True(status == 0, said);
        Assert.Equal(patched, await File.ReadAllBytesAsync(node.PathOf(Output), Patience));
    }

    [Theory]
    [InlineData("dash")]
    [InlineData("bash")]
    [InlineData("busybox")]
    public async Task Object_of_a_bundle_is_selected_with_its_statement_alone(string shell)
    {
        using var node = await NodeAsync(shell, "");
        var bundle = await Bundle.OfAsync(_service.Http, "");
        bundle.ExtractTo(node.PathOf("bundle"));
        var (path, script) = ((string)bundle.Index["kernels"]![Samples.NewKernel]!, node.PathOf("bundle/select.sh"));
        var printed = await node.RunFileAsync(script, "--verify-key", "relo.pem");
        Assert.True(printed.Status == 0 && printed.Said.Trim().EndsWith(path, StringComparison.Ordinal), printed.Said);
        Assert.Equal(0, (await node.RunFileAsync(script, "--verify-key", "relo.pem", "-o", "t.o")).Status);
        Assert.Equal(bundle.ObjectFor(Samples.NewKernel), await File.ReadAllBytesAsync(node.PathOf("t.o"), Patience));

        // The statement of the other kernel's object, in the place of this one's.
        var other = node.PathOf("bundle/" + (string)bundle.Index["kernels"]![Samples.OldKernel]!);
        File.Delete(node.PathOf("t.o"));
        File.Copy(other + BundleStatements.Suffix, node.PathOf($"bundle/{path}{BundleStatements.Suffix}"), overwrite: true);
        await RefusedAsync("the statement is about sha256");
        // Its object, too: then the kernel is another.
        var index = await File.ReadAllTextAsync(script, Patience);
        var hexes = (Path.GetFileName(path)[..64], Path.GetFileName(other)[..64]);
        await File.WriteAllTextAsync(script, index.Replace(hexes.Item1, hexes.Item2, StringComparison.Ordinal), Patience);
        await RefusedAsync("not for " + Samples.NewKernel);
        File.Delete(other + BundleStatements.Suffix);
        await RefusedAsync("is missing from the bundle");

        async Task RefusedAsync(string reason)
        {
            foreach (var options in (string[][])[["--verify-key", "relo.pem"], ["--verify-key", "relo.pem", "-o", "t.o"]])
            {
                var (status, said) = await node.RunFileAsync(script, options);
                Assert.True(status == 9 && said.Contains(reason, StringComparison.Ordinal), $"{status}: {said}");
            }

            Assert.False(File.Exists(node.PathOf("t.o")));
        }
    }

    [Fact]
    public async Task A_key_that_is_none_is_wrong_usage()
    {
        using var node = await NodeAsync("dash", "curl");
        Assert.Equal(2, (await node.RunAsync(await ScriptAsync(), "tracer", "--verify-key", "nowhere.pem")).Status);
        await File.WriteAllTextAsync(node.PathOf("relo.pem"), "x", Patience);
        Assert.Equal(2, (await node.RunAsync(await ScriptAsync(), "tracer", "--verify-key", "relo.pem")).Status);
    }

    public void Dispose()
    {
        _service.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static FakeServer.Answer Answer(byte[] file) => new(200, file, $"\"{Digest.Of(file)}\"");

    private async Task<Node> NodeAsync(string shell, string downloader)
    {
        var node = new Node(shell, downloader, "awk", "fold", "openssl", "wc");
        (await _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object), Patience)).Dispose();
        await File.WriteAllTextAsync(node.PathOf("relo.pem"), _key.Pem, Patience);
        return node;
    }

    private Task<string> ScriptAsync() => _service.Http.GetStringAsync(new Uri("/fetch.sh", UriKind.Relative), Patience);

    private Task<byte[]> PatchedAsync() => BytesAsync($"/v1/relocated/tracer?kernel={Samples.NewKernel}");

    private Task<byte[]> EnvelopeAsync() => BytesAsync($"/v1/relocated/tracer/attestation?kernel={Samples.NewKernel}");

    private Task<byte[]> BytesAsync(string address) => _service.Http.GetByteArrayAsync(new Uri(address, UriKind.Relative), Patience);
}
