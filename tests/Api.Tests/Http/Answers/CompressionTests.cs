using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Relo.Api.Tests.Fixtures;
using ZstdSharp;

namespace Relo.Api.Tests.Http;

public sealed class CompressionTests(Service service) : IClassFixture<Service>
{
    private const string Route = $"/v1/relocations?kernel={Samples.NewKernel}";

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("zstd", "zstd")]
    [InlineData("gzip, deflate, br, zstd", "br")] // a browser
    [InlineData("br;q=0.1, zstd", "zstd")]
    [InlineData("gzip;q=0, zstd;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("compress", null)]
    [InlineData(null, null)]
    public async Task Report_is_compressed_as_the_client_asks(string? asked, string? coding)
    {
        var plain = await (await SendAsync(HttpMethod.Post, Route, null, Samples.Object)).Content.ReadAsByteArrayAsync();
        using var answer = await SendAsync(HttpMethod.Post, Route, asked, Samples.Object);
        Assert.Equal(coding, answer.Header("Content-Encoding"));
        var sent = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(coding is null || sent.Length < plain.Length / 2, $"{sent.Length} of {plain.Length} bytes");
        Assert.Equal(plain, Unpack(sent, coding));
    }

    [Theory]
    [InlineData("/v1/kernels")]
    [InlineData("/v1/kernels/resolve?kernel=9.9.9")] // a problem
    [InlineData("/problems")]
    [InlineData("/fetch.sh")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/app.css")]
    [InlineData("/")]
    public async Task Json_and_text_of_all_kinds_are_compressed(string address)
    {
        using var answer = await SendAsync(HttpMethod.Get, address, "gzip");
        Assert.Equal("gzip", answer.Header("Content-Encoding"));
        Assert.Contains("Accept-Encoding", answer.Header("Vary"), StringComparison.Ordinal);
        Assert.NotEmpty(Unpack(await answer.Content.ReadAsByteArrayAsync(), "gzip"));
    }

    [Fact]
    public async Task Objects_BTF_and_archives_are_sent_as_they_are()
    {
        await AssertPlainAsync(HttpMethod.Get, $"/v1/kernels/btf?kernel={Samples.NewKernel}");
        await AssertPlainAsync(HttpMethod.Post, Route, "application/octet-stream");
        await AssertPlainAsync(HttpMethod.Post, Route, "application/zip");
        await AssertPlainAsync(HttpMethod.Post, "/v1/bundles");
        await AssertPlainAsync(HttpMethod.Get, $"/v1/objects/{Samples.ObjectDigest.Hex}/file");

        async Task AssertPlainAsync(HttpMethod method, string address, string? accept = null)
        {
            using var answer =
                await SendAsync(method, address, "br, gzip, zstd", method == HttpMethod.Post ? Samples.Object : null, accept);
            Assert.True(answer.IsSuccessStatusCode, address);
            Assert.Null(answer.Header("Content-Encoding"));
        }
    }

    [Fact]
    public async Task Compressed_report_has_no_digest_of_other_bytes_and_its_weak_ETag_is_known_again()
    {
        var report = await (await SendAsync(HttpMethod.Post, Route, null, Samples.Object)).JsonAsync();
        var address = ((string)report["patched"]!["url"]!)[..^"/object".Length];
        using var answer = await SendAsync(HttpMethod.Get, address, "zstd");
        Assert.True(answer.Headers.ETag!.IsWeak);
        Assert.Null(answer.Header("Content-Digest"));
        Assert.Null(answer.Header("Repr-Digest"));
        Assert.Null(answer.Header("Accept-Ranges"));

        using var again = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { answer.Headers.ETag } } };
        again.Headers.TryAddWithoutValidation("Accept-Encoding", "zstd");
        Assert.Equal(HttpStatusCode.NotModified, (await service.Http.SendAsync(again)).StatusCode);

        using var part = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(0, 9) } };
        part.Headers.TryAddWithoutValidation("Accept-Encoding", "zstd");
        using var parted = await service.Http.SendAsync(part);
        // A report is made while it is sent, so Range is ignored (RFC 9110 section 14.2 allows it); relocationsLimit gives parts of it.
        Assert.Equal((HttpStatusCode.OK, "zstd"), (parted.StatusCode, parted.Header("Content-Encoding")));
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string address, string? coding, byte[]? body = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : Answers.Body(body) };
        if (coding is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", coding);
        if (accept is not null) request.Accepting(accept);
        return await service.Http.SendAsync(request);
    }

    private static byte[] Unpack(byte[] sent, string? coding)
    {
        using var input = new MemoryStream(sent);
        using Stream stream = coding switch
        {
            "br" => new BrotliStream(input, CompressionMode.Decompress),
            "gzip" => new GZipStream(input, CompressionMode.Decompress),
            "zstd" => new DecompressionStream(input),
            _ => input,
        };
        using var output = new MemoryStream();
        stream.CopyTo(output);
        return output.ToArray();
    }
}
