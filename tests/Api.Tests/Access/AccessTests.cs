using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Access;

public sealed class KeyedService() : ServiceHost(root: null,
    ("Access:Mode", "Keys"), ("Access:Keys:ci", AccessTests.Key), ("Access:Keys:ops", AccessTests.OtherKeyDigest));

public sealed class ClosedService() : ServiceHost(root: null, ("Access:Mode", "KeysForAll"), ("Access:Keys:ci", AccessTests.Key));

public sealed class AccessTests(KeyedService keyed, ClosedService closed) : IClassFixture<KeyedService>, IClassFixture<ClosedService>
{
    public const string Key = "correct horse battery staple";
    private const string OtherKey = "another long enough key";
    private const string Route = "/v1/kernels?distro=a&version=1&arch=x86_64&release=";

    public static string OtherKeyDigest { get; } = Digest.Of(System.Text.Encoding.UTF8.GetBytes(OtherKey)).ToString();

    [Fact]
    public async Task Writing_without_a_key_is_asked_for_one()
    {
        using var answer = await SendAsync(keyed, HttpMethod.Post, Route + "1.0", key: null);
        await answer.ProblemAsync(HttpStatusCode.Unauthorized, "key-required");
        Assert.Equal("ApiKey header=\"X-Api-Key\"", answer.Header("WWW-Authenticate"));
        await (await SendAsync(keyed, HttpMethod.Delete, "/v1/kernels?kernel=" + Samples.NewKernel, key: null))
            .ProblemAsync(HttpStatusCode.Unauthorized, "key-required");
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(Key + "!")]
    [InlineData("Correct horse battery staple")]
    public async Task Wrong_key_is_refused(string key)
        => await (await SendAsync(keyed, HttpMethod.Post, Route + "2.0", key)).ProblemAsync(HttpStatusCode.Forbidden, "key-refused");

    [Fact]
    public async Task Digest_of_a_key_is_not_the_key()
        => await (await SendAsync(keyed, HttpMethod.Post, Route + "3.0", OtherKeyDigest))
            .ProblemAsync(HttpStatusCode.Forbidden, "key-refused");

    [Theory]
    [InlineData(Key, "4.0")]
    [InlineData(OtherKey, "5.0")] // configured by its digest
    public async Task Right_key_may_write(string key, string release)
        => Assert.Equal(HttpStatusCode.Created, (await SendAsync(keyed, HttpMethod.Post, Route + release, key)).StatusCode);

    [Fact]
    public async Task Reading_and_relocating_need_no_key_in_mode_Keys()
    {
        Assert.Equal(HttpStatusCode.OK, (await keyed.Http.GetAsync("/v1/kernels")).StatusCode);
        Assert.Equal(HttpStatusCode.OK,
            (await keyed.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object))).StatusCode);
    }

    [Fact]
    public async Task Everything_under_v1_needs_a_key_in_mode_KeysForAll_and_the_rest_does_not()
    {
        await (await closed.Http.GetAsync("/v1/kernels")).ProblemAsync(HttpStatusCode.Unauthorized, "key-required");
        await (await closed.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object)))
            .ProblemAsync(HttpStatusCode.Unauthorized, "key-required");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(closed, HttpMethod.Get, "/v1/kernels", Key)).StatusCode);
        foreach (var open in new[] { "/", "/healthz/ready", "/problems/key-required", "/openapi/v1.json" })
            Assert.Equal(HttpStatusCode.OK, (await closed.Http.GetAsync(open)).StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(ServiceHost service, HttpMethod method, string route, string? key)
    {
        var request = new HttpRequestMessage(method, route);
        if (method == HttpMethod.Post) request.Content = Answers.Body(Samples.NewBtf);
        if (key is not null) request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        return service.Http.SendAsync(request);
    }
}
