using System.Diagnostics;
using System.Net.Http.Headers;
using Relo.Api.Signing;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Scripts;

/// <summary>Our Sigstore bundles, verified by <c>@sigstore/verify</c>, the code of others.</summary>
public sealed class SigstoreTests : IDisposable
{
    private static readonly string Verifier = Path.Combine(Repository.Root, "tests", "sigstore");

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-sigstore-").FullName;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bundles_verify_with_our_key_and_with_no_other()
    {
        Assert.SkipUnless(Node.Find("node") is not null, "node is not installed");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Verifier, "node_modules")), "npm has not installed tests/sigstore");
        var pem = TestKeys.Pem();
        using var signer = FileSigner.Parse(pem, password: null);
        using var other = TestKeys.Signer();
        var (key, bundle) = (PathOf("key"), PathOf("bundle.json"));
        await File.WriteAllTextAsync(key, pem, Patience);
        await File.WriteAllTextAsync(PathOf("relo.pem"), signer.Key.Pem, Patience);
        await File.WriteAllTextAsync(PathOf("other.pem"), other.Key.Pem, Patience);
        using var service = new ServiceHost(root: null, ("Signing:KeyFile", key));
        (await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object), Patience)).Dispose();
        var made = await BundleAsync(service);
        await File.WriteAllBytesAsync(bundle, made, Patience);

        var (status, said) = await RunAsync(bundle, "relo.pem");
        Assert.True(status == 0 && said.Contains("\"predicateType\":\"https://slsa.dev/provenance/v1\"", StringComparison.Ordinal), said);
        Assert.Equal(1, (await RunAsync(bundle, "other.pem")).Status);
        await File.WriteAllTextAsync(bundle, System.Text.Encoding.UTF8.GetString(made).Replace("eyJfd", "eyJfe", StringComparison.Ordinal), Patience);
        Assert.Equal(1, (await RunAsync(bundle, "relo.pem")).Status);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static async Task<byte[]> BundleAsync(ServiceHost service)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri($"/v1/relocated/tracer/attestation?kernel={Samples.NewKernel}", UriKind.Relative));
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(SigstoreBundle.Type));
        using var answer = await service.Http.SendAsync(request, Patience);
        return await answer.Content.ReadAsByteArrayAsync(Patience);
    }

    private async Task<(int Status, string Said)> RunAsync(string bundle, string key)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(Verifier, "verify.cjs"), bundle, PathOf(key)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = await node.StandardOutput.ReadToEndAsync(Patience) + await node.StandardError.ReadToEndAsync(Patience);
        await node.WaitForExitAsync(Patience);
        return (node.ExitCode, said);
    }
}
