using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Relo.Api.Tests.Fixtures;
using ZstdSharp;

namespace Relo.Api.Tests.Http.Uploads;

/// <summary>The ways to send an object, and their errors.</summary>
public sealed class UploadTests(Service service) : IClassFixture<Service>
{
    private const string Route = $"/v1/relocations?kernel={Samples.NewKernel}";

    [Fact]
    public async Task Gzip_and_zstd_bodies_are_unpacked()
    {
        foreach (var (coding,
            bytes) in new[] { ("gzip", Gzip(Samples.Object)), ("x-gzip", Gzip(Samples.Object)), ("zstd", Zstd(Samples.Object)), ("identity", Samples.Object) })
        {
            var report = await (await service.Http.PostAsync(Route, Answers.Body(bytes, contentEncoding: coding))).JsonAsync();
            Assert.Equal(Samples.ObjectDigest.ToString(), (string?)report["object"]?["sha256"]);
        }
    }

    [Fact]
    public async Task Compressed_form_is_unpacked()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Samples.Object), "object", "a.bpf.o" } };
        var type = form.Headers.ContentType!.ToString();
        var report = await (await service.Http.PostAsync(Route, Answers.Body(Gzip(await form.ReadAsByteArrayAsync()), type, "gzip")))
            .JsonAsync();
        Assert.Equal(Samples.ObjectDigest.ToString(), (string?)report["object"]?["sha256"]);
    }

    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("gzip", 8)] // just the trailer is missing: the framework would not notice
    [InlineData("gzip", 500)]
    [InlineData("zstd", 1)]
    [InlineData("zstd", 500)]
    public async Task Cut_off_compressed_body_is_refused_and_never_taken_for_less(string coding, int missing)
    {
        var whole = coding == "gzip" ? Gzip(Samples.Object) : Zstd(Samples.Object);
        using var answer = await service.Http.PostAsync(Route, Answers.Body(whole[..^missing], contentEncoding: coding));
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-body");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task Body_that_is_not_compressed_as_it_says_is_refused(string coding)
    {
        using var answer = await service.Http.PostAsync(Route, Answers.Body(Samples.Object, contentEncoding: coding));
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-body");
    }

    [Fact]
    public async Task Unknown_coding_is_unsupported_and_the_known_ones_are_listed()
    {
        using var answer = await service.Http.PostAsync(Route, Answers.Body(Samples.Object, contentEncoding: "br"));
        await answer.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        Assert.Equal("gzip, zstd", answer.Header("Accept-Encoding"));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("nonsense")]
    public async Task Body_of_another_type_is_unsupported(string contentType)
    {
        using var answer = await service.Http.PostAsync(Route, Answers.Body(Samples.Object, contentType));
        await answer.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        Assert.Equal("application/octet-stream, multipart/form-data", answer.Header("Accept"));
    }

    [Fact]
    public async Task Empty_body_and_form_without_file_are_told_to_be_empty()
    {
        await (await service.Http.PostAsync(Route, Answers.Body([]))).ProblemAsync(HttpStatusCode.BadRequest, "empty-body");
        await (await service.Http.PostAsync(Route, Answers.Body([], contentEncoding: "gzip")))
            .ProblemAsync(HttpStatusCode.BadRequest, "empty-body");
        await (await service.Http.PostAsync(Route, null)).ProblemAsync(HttpStatusCode.BadRequest, "empty-body");
        using var form = new MultipartFormDataContent { { new StringContent("a"), "name" } };
        var problem = await (await service.Http.PostAsync(Route, form)).ProblemAsync(HttpStatusCode.BadRequest, "empty-body");
        Assert.Contains("'object'", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Form_that_is_none_is_refused(string contentType)
    {
        using var answer = await service.Http.PostAsync(Route, Answers.Body(Samples.Object, contentType));
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-body");
    }

    [Theory]
    [InlineData("sha-256")]
    [InlineData("sha-512")]
    public async Task Right_digest_passes_and_a_wrong_one_is_refused(string algorithm)
    {
        var sent = Gzip(Samples.Object); // Content-Digest is of what is sent, not of what it unpacks to (RFC 9530 §2)
        var hash = algorithm == "sha-256" ? SHA256.HashData(sent) : SHA512.HashData(sent);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($"{algorithm}=:{Convert.ToBase64String(hash)}:")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($"unixsum=:GQU=:, {algorithm}=:{Convert.ToBase64String(hash)}:")).StatusCode);
        hash[0] ^= 1;
        await (await PostAsync($"{algorithm}=:{Convert.ToBase64String(hash)}:")).ProblemAsync(HttpStatusCode.BadRequest, "digest-mismatch");

        async Task<HttpResponseMessage> PostAsync(string digest)
        {
            var body = Answers.Body(sent, contentEncoding: "gzip");
            body.Headers.Add("Content-Digest", digest);
            return await service.Http.PostAsync(Route, body);
        }
    }

    [Fact]
    public async Task Digest_that_is_none_is_refused()
    {
        var body = Answers.Body(Samples.Object);
        body.Headers.Add("Content-Digest", "sha-256=47DEQpj8HBSa");
        await (await service.Http.PostAsync(Route, body)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-body");
    }

    [Fact]
    public async Task Form_with_endless_fields_is_refused()
    {
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 40; i++) form.Add(new StringContent("x"), $"field{i}");
        await (await service.Http.PostAsync(Route, form)).ProblemAsync(HttpStatusCode.BadRequest, "unknown-parameter");
        using var longField = new MultipartFormDataContent { { new StringContent(new string('x', 5000), Encoding.ASCII), "kernel" } };
        await (await service.Http.PostAsync(Route, longField)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-body");
    }

    internal static byte[] Gzip(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal)) gzip.Write(bytes);
        return output.ToArray();
    }

    internal static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(bytes).ToArray();
    }
}
