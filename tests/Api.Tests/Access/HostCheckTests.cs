using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Access;

public sealed class NamedHosts()
    : ServiceHost(root: null, ("AllowedHosts", "relo.example.com; *.internal"), ("Proxies:Known", "127.0.0.1, ::1"));

/// <summary>Names of the service that a client may use: a foreign domain that resolves to 127.0.0.1 is refused (DNS rebinding).</summary>
public sealed class HostCheckTests(Service service, NamedHosts named) : IClassFixture<Service>, IClassFixture<NamedHosts>
{
    [Theory]
    [InlineData("rebound.example.com")]
    [InlineData("rebound.example.com:8080")]
    [InlineData("localhost.example.com")]
    [InlineData("127.0.0.1.example.com")]
    [InlineData("x")]
    public async Task On_a_loopback_address_a_foreign_name_is_refused_for_reading_and_writing(string host)
    {
        foreach (var address in new[] { "/v1/kernels", "/", "/metrics", "/nowhere" })
            await (await SendAsync(service, HttpMethod.Get, address, host)).ProblemAsync(HttpStatusCode.BadRequest, "host-not-allowed");
        await (await SendAsync(service, HttpMethod.Post, "/v1/objects?name=rebound", host))
            .ProblemAsync(HttpStatusCode.BadRequest, "host-not-allowed");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8080")]
    [InlineData("localhost.")]
    [InlineData("relo.localhost")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.1.2.3")]
    [InlineData("[::1]:8080")]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.1")] // nobody can make an address resolve to another one
    public async Task Loopback_names_and_addresses_always_work(string host)
    {
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(service, HttpMethod.Get, "/v1/kernels", host)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(named, HttpMethod.Get, "/v1/kernels", host)).StatusCode);
    }

    [Fact]
    public async Task Name_of_the_machine_works()
        => Assert.Equal(HttpStatusCode.OK, (await SendAsync(service, HttpMethod.Get, "/v1/kernels", Dns.GetHostName())).StatusCode);

    [Theory]
    [InlineData("relo.example.com", HttpStatusCode.OK)]
    [InlineData("Relo.Example.Com:443", HttpStatusCode.OK)]
    [InlineData("a.b.internal", HttpStatusCode.OK)]
    [InlineData("internal", HttpStatusCode.BadRequest)]
    [InlineData("evilinternal", HttpStatusCode.BadRequest)]
    [InlineData("www.relo.example.com", HttpStatusCode.BadRequest)]
    public async Task Names_in_AllowedHosts_work(string host, HttpStatusCode status)
        => Assert.Equal(status, (await SendAsync(named, HttpMethod.Get, "/v1/kernels", host)).StatusCode);

    [Fact]
    public async Task Star_allows_any_name()
    {
        using var any = new ServiceHost(root: null, ("AllowedHosts", "*"));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(any, HttpMethod.Get, "/v1/kernels", "rebound.example.com")).StatusCode);
    }

    [Theory]
    [InlineData("X-Forwarded-Host")]
    [InlineData("X-Original-Host")]
    public async Task Page_cannot_hide_its_name_behind_fields_of_a_proxy(string field)
    {
        using var answer = await SendAsync(
            named, HttpMethod.Get, "/v1/kernels", "rebound.example.com", (field, "localhost"), ("X-Forwarded-For", "192.0.2.1"));
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "host-not-allowed");
    }

    private static Task<HttpResponseMessage> SendAsync(
        ServiceHost to, HttpMethod method, string address, string host, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(method, address) { Content = method == HttpMethod.Post ? Answers.Body(Samples.Object) : null };
        request.Headers.Host = host;
        foreach (var (name, value) in fields) request.Headers.Add(name, value);
        return to.Http.SendAsync(request);
    }
}
