using System.Globalization;
using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Http.Limits;

public sealed class RateLimitTests
{
    private const string Key = "a key that asks a lot", OtherKey = "a key that asks little";
    private const int OfAddress = 3, OfKey = 5;

    [Fact]
    public async Task Each_key_and_each_address_has_its_own_minute()
    {
        using var service = Limited();
        for (var i = 0; i < OfAddress; i++) Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, "/v1/kernels")).StatusCode);
        await AssertRefusedAsync(await GetAsync(service, "/v1/kernels"));
        await AssertRefusedAsync(await GetAsync(service, "/v1/kernels", "none of the keys there are")); // guessing counts too
        for (var i = 0; i < OfKey; i++) Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, "/v1/kernels", Key)).StatusCode);
        await AssertRefusedAsync(await GetAsync(service, "/v1/kernels", Key));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, "/v1/kernels", OtherKey)).StatusCode);
        // Operators are not limited.
        foreach (var open in new[] { "/healthz/ready", "/healthz/live", "/metrics", "/fetch.sh" })
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, open)).StatusCode);
    }

    [Fact]
    public async Task Answers_of_the_last_second_are_counted_as_well()
    {
        using var service = Limited();
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        for (var i = 0; i < OfAddress - 1; i++)
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, $"/v1/relocated/tracer?kernel={Samples.NewKernel}")).StatusCode);
        await AssertRefusedAsync(await GetAsync(service, $"/v1/relocated/tracer?kernel={Samples.NewKernel}"));
    }

    [Fact]
    public async Task Known_proxy_is_believed_about_who_asks()
    {
        using var service = Limited(("Proxies:Known", "10.0.0.0/8, 127.0.0.1, ::1"));
        foreach (var client in new[] { "192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:2::1" })
        {
            for (var i = 0; i < OfAddress; i++) Assert.Equal(HttpStatusCode.OK, (await ForwardedAsync(service, client)).StatusCode);
            await AssertRefusedAsync(await ForwardedAsync(service, client));
            // What the client itself wrote stands to the left of what the proxies did, and is not looked at.
            await AssertRefusedAsync(await ForwardedAsync(service, $"198.51.100.7, {client}, 10.1.2.3"));
        }

        await AssertRefusedAsync(await ForwardedAsync(service, "2001:db8:0:1:2:3:4:5")); // the same network as one of them
    }

    [Fact]
    public async Task Nobody_else_is_believed_about_who_asks()
    {
        using var service = Limited(("Proxies:Known", "10.0.0.0/8"));
        for (var i = 0; i < OfAddress; i++)
            Assert.Equal(
                HttpStatusCode.OK, (await ForwardedAsync(service, string.Create(CultureInfo.InvariantCulture, $"192.0.2.{i}"))).StatusCode);
        await AssertRefusedAsync(await ForwardedAsync(service, "192.0.2.99"));
    }

    [Fact]
    public async Task Without_a_setting_nothing_is_counted()
    {
        using var service = new ServiceHost(root: null);
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => GetAsync(service, "/v1/kernels?limit=1")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    private static ServiceHost Limited(params (string Name, string Value)[] more) => new(root: null,
    [
        ("Limits:RequestsPerMinutePerAddress", $"{OfAddress}"), ("Limits:RequestsPerMinutePerKey", $"{OfKey}"), ("Access:Keys:much", Key),
        ("Access:Keys:little", OtherKey), .. more,
    ]);

    private static async Task AssertRefusedAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            await answer.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
            Assert.InRange(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        }
    }

    private static Task<HttpResponseMessage> GetAsync(ServiceHost service, string address, string? key = null) =>
        SendAsync(service, address, "X-Api-Key", key);

    private static Task<HttpResponseMessage> ForwardedAsync(ServiceHost service, string client) =>
        SendAsync(service, "/v1/kernels", "X-Forwarded-For", client);

    private static Task<HttpResponseMessage> SendAsync(ServiceHost service, string address, string header, string? value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (value is not null) request.Headers.TryAddWithoutValidation(header, value);
        return service.Http.SendAsync(request);
    }
}
