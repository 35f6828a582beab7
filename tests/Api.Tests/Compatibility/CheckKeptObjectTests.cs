using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Compatibility;

/// <summary>GET /v1/objects/{ref}/kernels.</summary>
public sealed class CheckKeptObjectTests(Service service) : IClassFixture<Service>
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/sarif+json")]
    public async Task Answer_is_that_of_the_compatibility_route(string form)
    {
        (await service.Http.PostAsync("/v1/objects?name=at-its-address", Answers.Body(Samples.Object))).EnsureSuccessStatusCode();
        Assert.Equal(
            await AskAsync(HttpMethod.Post, "/v1/compatibility?object=at-its-address&distro=sample", form),
            await AskAsync(HttpMethod.Get, "/v1/objects/at-its-address/kernels?distro=sample", form));
    }

    [Fact]
    public async Task What_is_wrong_is_refused()
    {
        (await service.Http.PostAsync("/v1/objects?name=refused", Answers.Body(Samples.Object))).EnsureSuccessStatusCode();
        await (await service.Http.GetAsync("/v1/objects/none/kernels")).ProblemAsync(HttpStatusCode.NotFound, "object-not-found");
        await (await service.Http.GetAsync("/v1/objects/refused/kernels?distro=none")).ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        await (await service.Http.GetAsync("/v1/objects/refused/kernels?object=x")).ProblemAsync(HttpStatusCode.BadRequest, "unknown-parameter");
        await (await service.Http.GetAsync("/v1/objects/refused/kernels?failOn=x")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
    }

    private async Task<string> AskAsync(HttpMethod method, string address, string form)
    {
        using var request = new HttpRequestMessage(method, address).Accepting(form);
        var answer = await service.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }
}
