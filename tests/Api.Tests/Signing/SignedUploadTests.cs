using System.Net;
using System.Text;
using System.Text.Json;
using Relo.Api.Signing;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Signing;

/// <summary>A service that keeps only what somebody with a key approved.</summary>
public sealed class SignedUploadTests : IDisposable
{
    private const string Route = "/v1/objects?name=tracer";

    private readonly KeyFile _keys;
    private readonly FileSigner _trusted = TestKeys.Signer(), _other = TestKeys.Signer();
    private readonly ServiceHost _service;

    public SignedUploadTests()
    {
        using var former = TestKeys.Signer();
        _keys = new(former.Key.Pem + _trusted.Key.Pem);
        _service = new(root: null, ("Objects:RequireSignatureBy", _keys.Path));
    }

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Object_with_the_signature_of_a_key_is_kept()
    {
        var signature = await SignAsync(_trusted);
        using var inHeader = await PostAsync(Route, Answers.Body(Samples.Object), signature);
        Assert.Equal(HttpStatusCode.Created, inHeader.StatusCode);
        using var form = new MultipartFormDataContent
        {
            { Answers.Body(Samples.Object), "object", "x.o" },
            { new StringContent(signature), "signature" },
            { new StringContent("other"), "name" },
        };
        using var inForm = await PostAsync("/v1/objects", form);
        Assert.Equal(HttpStatusCode.OK, inForm.StatusCode);
    }

    [Fact]
    public async Task Statement_about_the_object_is_a_signature()
    {
        using var answer = await PostAsync(Route, Answers.Body(Samples.Object), await StatementAsync(_trusted, Samples.ObjectDigest));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await RefusedAsync(await StatementAsync(_other, Samples.ObjectDigest));
        await RefusedAsync(await StatementAsync(_trusted, Digest.Of([1])));
    }

    [Fact]
    public async Task Anything_else_is_refused_and_not_kept()
    {
        var signature = await SignAsync(_trusted);
        await RefusedAsync(null);
        await RefusedAsync(await SignAsync(_other));
        await RefusedAsync("%%%");
        await RefusedAsync("{}");
        await RefusedAsync("""{"payload":"bnVsbA==","payloadType":"x","signatures":[]}""");
        using var changed = await PostAsync(Route, Answers.Body([.. Samples.Object, 0]), signature);
        await changed.ProblemAsync(HttpStatusCode.Forbidden, "signature-required");
        using var kept = await _service.Http.GetAsync(new Uri("/v1/objects/tracer", UriKind.Relative), Patience);
        await kept.ProblemAsync(HttpStatusCode.NotFound, "object-not-found");
    }

    [Fact]
    public async Task What_is_relocated_without_approval_is_answered_but_no_node_gets_it()
    {
        using var answer = await PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object));
        using var report = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Patience));
        Assert.Equal("guarded", report.RootElement.GetProperty("verdict").GetString());
        Assert.False(HasUrl(report.RootElement));
        using var refused = await PostAsync($"/v1/relocations?kernel={Samples.NewKernel}&failOn=poisoned", Answers.Body(Samples.Object));
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsByteArrayAsync(Patience));
        Assert.False(HasUrl(problem.RootElement.GetProperty("report")));
        using var node = await _service.Http.GetAsync(
            new Uri($"/v1/relocated/{Samples.ObjectDigest.Hex}?kernel={Samples.NewKernel}", UriKind.Relative), Patience);
        await node.ProblemAsync(HttpStatusCode.NotFound, "object-not-found");
    }

    [Fact]
    public async Task Second_signature_is_not_ignored()
    {
        var signature = await SignAsync(_trusted);
        using var answer = await PostAsync($"{Route}&signature={Uri.EscapeDataString(signature)}", Answers.Body(Samples.Object), signature);
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
    }

    [Fact]
    public async Task Where_no_key_is_configured_a_signature_is_not_ignored()
    {
        using var open = new ServiceHost(root: null);
        using var request = new HttpRequestMessage(HttpMethod.Post, Route) { Content = Answers.Body(Samples.Object) };
        request.Headers.Add(Approval.Header, await SignAsync(_trusted));
        using var answer = await open.Http.SendAsync(request, Patience);
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
    }

    public void Dispose()
    {
        _service.Dispose();
        _keys.Dispose();
        _trusted.Dispose();
        _other.Dispose();
    }

    private static bool HasUrl(JsonElement report) =>
        report.GetProperty("patched").TryGetProperty("url", out var url) && url.ValueKind != JsonValueKind.Null;

    private async Task RefusedAsync(string? signature)
    {
        using var answer = await PostAsync(Route, Answers.Body(Samples.Object), signature);
        await answer.ProblemAsync(HttpStatusCode.Forbidden, "signature-required");
    }

    private static async Task<string> SignAsync(FileSigner signer) =>
        Convert.ToBase64String(await signer.SignAsync(Samples.Object, Patience));

    private static async Task<string> StatementAsync(FileSigner signer, Digest digest)
    {
        var statement = JsonSerializer.SerializeToUtf8Bytes(new
        {
            _type = "https://in-toto.io/Statement/v1",
            subject = new[] { new { name = "tracer.bpf.o", digest = new { sha256 = digest.Hex } } },
            predicateType = "https://example.com/approved",
        });
        return Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(
            await Dsse.SignAsync(signer, Subject.StatementType, statement, Patience), DsseJson.Plain.Dsse));
    }

    private async Task<HttpResponseMessage> PostAsync(string route, HttpContent content, string? signature = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(route, UriKind.Relative)) { Content = content };
        if (signature is not null) request.Headers.Add(Approval.Header, signature);
        return await _service.Http.SendAsync(request, Patience);
    }
}
