using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Http;

public sealed class OpenToOthers() : ServiceHost(root: null, ("Cors:Origins", "https://tools.example.com, http://localhost:5173"));

/// <summary>The headers for browsers, and the permissions of other sites' pages.</summary>
public sealed class BrowserTests(Service closed, OpenToOthers open) : IClassFixture<Service>, IClassFixture<OpenToOthers>
{
    private const string Origin = "https://tools.example.com";

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/app.js")]
    [InlineData("GET", "/swagger/index.html")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/fetch.sh")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/healthz/ready")]
    [InlineData("GET", "/v1/kernels")]
    [InlineData("HEAD", "/v1/kernels/btf?kernel=" + Samples.NewKernel)]
    [InlineData("GET", "/v1/kernels/resolve?kernel=1.0")]
    [InlineData("GET", "/nowhere")]
    [InlineData("DELETE", "/v1/relocations")]
    [InlineData("POST", "/v1/relocations?kernel=1.0")]
    public async Task Every_answer_has_the_fields_for_safety(string method, string address)
    {
        using var answer = await closed.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), address));
        AssertSafe(answer);
        Assert.Null(answer.Header("Server"));
    }

    [Fact]
    public async Task Answers_of_the_last_second_have_them_too()
    {
        await closed.Http.PostAsync("/v1/objects?name=hot", Answers.Body(Samples.Object));
        for (var i = 0; i < 2; i++) AssertSafe(await closed.Http.GetAsync($"/v1/relocated/hot?kernel={Samples.NewKernel}"));
    }

    [Theory]
    [InlineData("GET", "/v1/kernels")]
    [InlineData("OPTIONS", "/v1/objects")]
    public async Task Without_a_setting_no_page_of_another_site_may_read_anything(string method, string address)
    {
        using var answer = await SendAsync(closed, method, address, Origin);
        Assert.DoesNotContain(answer.Headers, h => h.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Page_of_a_named_origin_may_read_also_what_was_answered_a_moment_ago()
    {
        await open.Http.PostAsync("/v1/objects?name=hot", Answers.Body(Samples.Object));
        for (var i = 0; i < 2; i++)
        {
            using var answer = await SendAsync(open, "GET", $"/v1/relocated/hot?kernel={Samples.NewKernel}", Origin);
            Assert.Equal(Origin, answer.Header("Access-Control-Allow-Origin"));
            Assert.Contains("ETag", answer.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
            using var other = await SendAsync(open, "GET", $"/v1/relocated/hot?kernel={Samples.NewKernel}", "https://evil.example.com");
            Assert.Null(other.Header("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Page_of_a_named_origin_may_read_problems()
        => Assert.Equal(
            Origin, (await SendAsync(open, "GET", "/v1/kernels/resolve?kernel=1.0", Origin)).Header("Access-Control-Allow-Origin"));

    [Theory]
    [InlineData(Origin, Origin)]
    [InlineData("http://localhost:5173", "http://localhost:5173")]
    [InlineData("http://tools.example.com", null)]
    [InlineData("https://tools.example.com.evil.org", null)]
    [InlineData("null", null)]
    public async Task Page_of_a_named_origin_may_send_with_a_key(string origin, string? allowed)
    {
        using var answer = await SendAsync(open, "OPTIONS", "/v1/objects", origin);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(allowed, answer.Header("Access-Control-Allow-Origin"));
        Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
        if (allowed is not null) Assert.Equal("x-api-key,content-digest", answer.Header("Access-Control-Allow-Headers"));
    }

    private static void AssertSafe(HttpResponseMessage answer)
    {
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("DENY", answer.Header("X-Frame-Options"));
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Resource-Policy"));
    }

    private static Task<HttpResponseMessage> SendAsync(ServiceHost service, string method, string address, string origin)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address);
        request.Headers.Add("Origin", origin);
        if (method == "OPTIONS")
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "x-api-key,content-digest");
        }

        return service.Http.SendAsync(request);
    }
}
