using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Relo.Api.Signing;
using Relo.Api.Tests.Fixtures;
using Relo.Api.Trust;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Trust;

/// <summary>Signed statements over HTTP.</summary>
public sealed class AttestationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relo-signing-").FullName;
    private readonly FileSigner _former = TestKeys.Signer();
    private readonly ServiceHost _service;
    private readonly PublicKey _key;

    public AttestationTests()
    {
        var pem = TestKeys.Pem();
        using var signer = FileSigner.Parse(pem, password: null);
        _key = signer.Key;
        File.WriteAllText(Path.Combine(_folder, "key"), pem);
        File.WriteAllText(Path.Combine(_folder, "former.pem"), _former.Key.Pem);
        _service = new(root: null, ("Signing:KeyFile", Path.Combine(_folder, "key")), ("Signing:FormerKeysFolder", _folder),
            ("Signing:BuilderId", "https://relo.example/builder"));
    }

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Statement_says_what_was_relocated_from_what()
    {
        await AddAsync();
        var envelope = Dsse.Parse(await BytesAsync($"/v1/relocated/tracer/attestation?kernel={Samples.NewKernel}"));
        var payload = envelope.Verify([_key]);
        Assert.NotNull(payload);
        var patched = await BytesAsync($"/v1/relocated/tracer?kernel={Samples.NewKernel}");
        Assert.Equal(new("tracer.bpf.o", Digest.Of(patched)), Subject.Of(envelope.PayloadType, payload));

        using var report = JsonDocument.Parse(await BytesAsync($"/v1/relocated/tracer?kernel={Samples.NewKernel}", "application/json"));
        using var statement = JsonDocument.Parse(payload);
        var predicate = statement.RootElement.GetProperty("predicate");
        var definition = predicate.GetProperty("buildDefinition");
        Assert.Equal("urn:relo:relocation:1", definition.GetProperty("buildType").GetString());
        Assert.Equal(report.RootElement.GetProperty("kernel").GetProperty("id").GetString(),
            definition.GetProperty("externalParameters").GetProperty("kernels")[0].GetString());
        Assert.Equal(
            [("object", Digest.Of(Samples.Object).Hex), ("btf", Digest.Of(Samples.NewBtf).Hex)],
            definition.GetProperty("resolvedDependencies").EnumerateArray()
                .Select(one => (one.GetProperty("name").GetString(), one.GetProperty("digest").GetProperty("sha256").GetString())));
        var run = predicate.GetProperty("runDetails");
        Assert.Equal("https://relo.example/builder", run.GetProperty("builder").GetProperty("id").GetString());
        Assert.Equal(report.RootElement.GetProperty("verdict").GetString(),
            run.GetProperty("byproducts")[0].GetProperty("annotations").GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Statement_is_the_same_each_time_and_at_the_address_of_the_digests()
    {
        await AddAsync();
        var address = $"/v1/relocations/{Digest.Of(Samples.Object).Hex}/{Digest.Of(Samples.NewBtf).Hex}/attestation";
        var (first, second) = (Dsse.Parse(await BytesAsync(address)), Dsse.Parse(await BytesAsync(address)));
        Assert.Equal(first.Payload, second.Payload);
        Assert.NotNull(first.Verify([_key]));
        using var answer = await _service.Http.GetAsync(new Uri(address, UriKind.Relative), Patience);
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl?.ToString());
        Assert.Equal(Dsse.MediaType, answer.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Sigstore_bundle_holds_the_envelope_and_names_the_key()
    {
        await AddAsync();
        using var bundle = JsonDocument.Parse(
            await BytesAsync($"/v1/relocated/tracer/attestation?kernel={Samples.NewKernel}", SigstoreBundle.Type));
        var root = bundle.RootElement;
        Assert.Equal(SigstoreBundle.Type, root.GetProperty("mediaType").GetString());
        Assert.Equal(_key.Id, root.GetProperty("verificationMaterial").GetProperty("publicKey").GetProperty("hint").GetString());
        Assert.NotNull(Dsse.Parse(Encoding.UTF8.GetBytes(root.GetProperty("dsseEnvelope").GetRawText())).Verify([_key]));
    }

    [Fact]
    public async Task Keys_are_listed_as_JSON_and_as_PEM()
    {
        using var list = JsonDocument.Parse(await BytesAsync("/v1/keys"));
        var items = list.RootElement.GetProperty("items");
        Assert.Equal(
            [(_key.Id, true), (_former.Key.Id, false)],
            items.EnumerateArray().Select(key => (key.GetProperty("keyId").GetString(), key.GetProperty("signs").GetBoolean())));
        Assert.Equal(_key.Id, PublicKey.Parse(items[0].GetProperty("pem").GetString()!).Id);
        Assert.Equal("P-256", items[0].GetProperty("jwk").GetProperty("crv").GetString());
        Assert.Equal(_key.Pem + _former.Key.Pem, Encoding.UTF8.GetString(await BytesAsync("/v1/keys", ListKeysRoute.PemType)));
    }

    [Fact]
    public async Task What_fails_is_the_problem_of_the_relocation()
    {
        await AddAsync();
        await ProblemAsync("/v1/relocated/nobody/attestation?kernel=" + Samples.NewKernel, HttpStatusCode.NotFound, "object-not-found");
        await ProblemAsync("/v1/relocated/tracer/attestation?kernel=9.9.9-none", HttpStatusCode.NotFound, "kernel-not-found");
        await ProblemAsync("/v1/relocated/tracer/attestation", HttpStatusCode.BadRequest, "invalid-kernel");
        await ProblemAsync($"/v1/relocations/{new string('0', 64)}/{Digest.Of(Samples.NewBtf).Hex}/attestation", HttpStatusCode.NotFound,
            "object-not-found");
        await ProblemAsync($"/v1/relocated/tracer/attestation?kernel={Samples.NewKernel}&kernal=1", HttpStatusCode.BadRequest,
            "unknown-parameter");
    }

    [Fact]
    public async Task What_a_command_that_does_not_sign_says_is_for_the_operator()
    {
        var pem = Path.Combine(_folder, "former.pem");
        using var service = new ServiceHost(
            root: null, ("Signing:Command", "echo no hardware at 10.0.0.7 >&2; exit 3"), ("Signing:PublicKeyFile", pem));
        (await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object), Patience)).Dispose();
        using var answer = await service.Http.GetAsync(
            new Uri($"/v1/relocated/tracer/attestation?kernel={Samples.NewKernel}", UriKind.Relative), Patience);
        var problem = await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "signing-failed");
        Assert.DoesNotContain("10.0.0.7", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains(service.Log.Events, line => line.RenderMessage(null).Contains("no hardware at 10.0.0.7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_signed()
    {
        using var service = new ServiceHost(root: null);
        foreach (var address in (string[])["/v1/keys", $"/v1/relocated/tracer/attestation?kernel={Samples.NewKernel}",
            $"/v1/relocations/{new string('0', 64)}/{new string('0', 64)}/attestation"])
        {
            using var answer = await service.Http.GetAsync(new Uri(address, UriKind.Relative), Patience);
            await answer.ProblemAsync(HttpStatusCode.NotFound, "signing-off");
        }
    }

    public void Dispose()
    {
        _service.Dispose();
        _former.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AddAsync() =>
        (await _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object), Patience)).Dispose();

    private async Task<byte[]> BytesAsync(string address, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        if (accept is not null) request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var answer = await _service.Http.SendAsync(request, Patience);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(Patience);
    }

    private async Task ProblemAsync(string address, HttpStatusCode status, string code)
    {
        using var answer = await _service.Http.GetAsync(new Uri(address, UriKind.Relative), Patience);
        await answer.ProblemAsync(status, code);
    }
}
