using System.Net;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Objects;

/// <summary>GET /v1/objects?reads=….</summary>
public sealed class FindReadersTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Objects_that_read_the_field_are_listed_with_the_places()
    {
        (await service.Http.PostAsync("/v1/objects?name=reader", Answers.Body(Samples.Object))).EnsureSuccessStatusCode();
        var item = Assert.Single(await ItemsAsync("task_struct.state"))!;
        Assert.Equal(Samples.ObjectDigest.ToString(), (string?)item["sha256"]);
        var reads = item["reads"]!.AsArray();
        Assert.NotEmpty(reads);
        Assert.All(reads, read => Assert.Contains(".state ", (string?)read!["local"], StringComparison.Ordinal));
        Assert.Empty(await ItemsAsync("task_struct.no_such_field"));
        var all = await (await service.Http.GetAsync("/v1/objects")).JsonAsync();
        Assert.All(all["items"]!.AsArray(), one => Assert.Null(one!["reads"]));
    }

    [Theory]
    [InlineData("/v1/objects?reads=")]
    [InlineData("/v1/objects?reads=.")]
    [InlineData("/v1/objects?reads=task_struct&limit=0")]
    [InlineData("/v1/objects?reads=task_struct&after=x")]
    public async Task What_is_wrong_is_refused(string address) =>
        await (await service.Http.GetAsync(address)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");

    private async Task<JsonArray> ItemsAsync(string reads) =>
        (await (await service.Http.GetAsync($"/v1/objects?reads={reads}")).JsonAsync())["items"]!.AsArray();
}
