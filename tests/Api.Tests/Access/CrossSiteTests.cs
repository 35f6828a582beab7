using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Access;

public sealed class OneOriginAllowed() : ServiceHost(root: null, ("Cors:Origins", "https://tools.example.com"));

public sealed class BehindProxy() : ServiceHost(root: null, ("Proxies:Known", "127.0.0.1, ::1"));

/// <summary>Requests of browsers that may change something; the first rows of each table are what real browsers send.</summary>
public sealed class CrossSiteTests(Service service, OneOriginAllowed allowing, BehindProxy proxied)
    : IClassFixture<Service>, IClassFixture<OneOriginAllowed>, IClassFixture<BehindProxy>
{
    [Theory]
    [InlineData("cross-site", "https://evil.example.com")]
    [InlineData("cross-site", "null")] // a sandboxed frame
    [InlineData("cross-site", null)]
    [InlineData("same-site", "http://127.0.0.1:1")]
    [InlineData("same-site", null)]
    [InlineData(null, "http://evil.example.com")] // an address that is neither https nor localhost gets no Sec-Fetch-Site
    [InlineData(null, "null")]
    [InlineData(null, "http://127.0.0.1:1")]
    [InlineData(null, "ftp://{host}")]
    [InlineData(null, "http://{host}.evil.example.com")]
    [InlineData("unheard-of", null)]
    [InlineData("", null)]
    public async Task Page_of_another_origin_may_not_write(string? site, string? origin)
    {
        using var post = await SendAsync(service, HttpMethod.Post, "/v1/objects?name=moved", site, origin);
        var problem = await post.ProblemAsync(HttpStatusCode.Forbidden, "cross-site-request");
        if (origin is not null)
            Assert.Contains($"Origin is '{Own(service, origin)}'", (string?)problem["detail"], StringComparison.Ordinal);
        using var delete = await SendAsync(service, HttpMethod.Delete, "/v1/objects/moved", site, origin);
        await delete.ProblemAsync(HttpStatusCode.Forbidden, "cross-site-request");
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync("/v1/objects/moved")).StatusCode);
    }

    [Theory]
    [InlineData("/v1/relocations?kernel=1.0")]
    [InlineData("/v1/kernels?release=1.0")]
    [InlineData("/v1/compatibility")]
    [InlineData("/v1/bundles")]
    [InlineData("/v1/minimal-btf")]
    [InlineData("/api/v1/customize")]
    [InlineData("/nowhere")]
    public async Task Every_route_refuses_it(string address)
        => await (await SendAsync(service, HttpMethod.Post, address, "cross-site", "https://evil.example.com"))
            .ProblemAsync(HttpStatusCode.Forbidden, "cross-site-request");

    [Theory]
    [InlineData("same-origin", "http://{host}")]
    [InlineData("same-origin", "https://relo.example.com")] // a proxy changed the Host
    [InlineData("none", null)]
    [InlineData(null, "http://{host}")]
    [InlineData(null, "https://{host}")] // a proxy speaks TLS
    [InlineData("same-site", "http://{host}")]
    [InlineData(null, null)] // curl
    public async Task Own_page_and_clients_that_are_no_browsers_may_write(string? site, string? origin)
    {
        using var answer = await SendAsync(service, HttpMethod.Post, "/v1/objects?name=mine", site, origin);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task Page_of_another_origin_may_follow_a_link_to_the_service()
        => Assert.Equal(HttpStatusCode.OK, (await SendAsync(service, HttpMethod.Get, "/v1/kernels", "cross-site", null)).StatusCode);

    [Theory]
    [InlineData("https://tools.example.com", HttpStatusCode.Created)]
    [InlineData("https://tools.example.com:8443", HttpStatusCode.Forbidden)]
    [InlineData("http://tools.example.com", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task Page_of_an_origin_in_Cors_Origins_may_write(string origin, HttpStatusCode status)
    {
        using var answer = await SendAsync(allowing, HttpMethod.Post, "/v1/objects?name=allowed", "cross-site", origin);
        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://relo.example.com", "relo.example.com", "https", HttpStatusCode.OK)]
    [InlineData("https://relo.example.com:8443", "relo.example.com:8443", "https", HttpStatusCode.OK)]
    [InlineData("http://relo.example.com", "relo.example.com", "https", HttpStatusCode.Forbidden)] // the page came in the clear
    [InlineData("https://evil.example.com", "relo.example.com", "https", HttpStatusCode.Forbidden)]
    [InlineData("http://{host}", "relo.example.com", "http", HttpStatusCode.Forbidden)]
    public async Task Behind_a_known_proxy_the_own_origin_is_the_one_that_the_client_used(
        string origin, string host, string scheme, HttpStatusCode status)
    {
        await proxied.Http.PostAsync("/v1/objects", Answers.Body(Samples.Object));
        using var answer = await SendAsync(proxied, HttpMethod.Post, "/v1/objects", null, origin,
            ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Host", host), ("X-Forwarded-Proto", scheme));
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Client_that_is_no_known_proxy_cannot_say_what_the_own_origin_is()
    {
        using var answer = await SendAsync(
            service, HttpMethod.Post, "/v1/objects", null, "https://evil.example.com", ("X-Forwarded-Host", "evil.example.com"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static string Own(ServiceHost host, string origin) =>
        origin.Replace("{host}", host.Http.BaseAddress!.Authority, StringComparison.Ordinal);

    private static Task<HttpResponseMessage> SendAsync(
        ServiceHost host, HttpMethod method, string address, string? site, string? origin, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(method, address) { Content = method == HttpMethod.Post ? Answers.Body(Samples.Object) : null };
        if (site is not null) request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", site);
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", Own(host, origin));
        foreach (var (name, value) in fields) request.Headers.Add(name, value);
        return host.Http.SendAsync(request);
    }
}
