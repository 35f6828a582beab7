using System.Net;
using Relo.Api.Inputs;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Access;

public sealed class ScopedService() : ServiceHost(root: null,
    ("Access:Mode", "KeysForAll"),
    ("Access:Keys:reader", ScopeTests.Reader), ("Access:Scopes:reader", "read"),
    ("Access:Keys:node", ScopeTests.Node), ("Access:Scopes:node", "relocate"),
    ("Access:Keys:ci", ScopeTests.Ci), ("Access:Scopes:ci", "objects, relocate"),
    ("Access:Keys:archivist", ScopeTests.Archivist), ("Access:Scopes:archivist", "Kernels read"),
    ("Access:Keys:admin", ScopeTests.Admin));

/// <summary>A key does what its scopes say and nothing else.</summary>
public sealed class ScopeTests(ScopedService service) : IClassFixture<ScopedService>
{
    public const string Reader = "the reader's own key", Node = "the node's own key..", Ci = "the pipeline's own key", Archivist =
        "the archivist's own key", Admin = "the key for everything";

    private const string Read = "GET /v1/kernels", Relocate = $"POST /v1/relocations?kernel={Samples.NewKernel}", Customize =
        "POST /api/v1/customize",
        Objects = "POST /v1/objects?name=scoped", DropObject = "DELETE /v1/objects/scoped", Kernels =
            "POST /v1/kernels?distro=s&version=1&arch=x86_64&release=1.0", DropKernel = "DELETE /v1/kernels?kernel=s/1/x86_64/1.0";

    [Theory]
    [InlineData(Reader, Read, null)]
    [InlineData(Reader, Relocate, "relocate")]
    [InlineData(Reader, Objects, "objects")]
    [InlineData(Reader, DropObject, "objects")]
    [InlineData(Reader, Kernels, "kernels")]
    [InlineData(Reader, DropKernel, "kernels")]
    [InlineData(Node, Relocate, null)]
    [InlineData(Node, Read, "read")]
    [InlineData(Node, Objects, "objects")]
    [InlineData(Ci, Objects, null)]
    [InlineData(Ci, Relocate, null)]
    [InlineData(Ci, Kernels, "kernels")]
    [InlineData(Ci, DropKernel, "kernels")]
    [InlineData(Archivist, Kernels, null)]
    [InlineData(Archivist, Read, null)]
    [InlineData(Archivist, Customize, "relocate")]
    [InlineData(Archivist, DropObject, "objects")]
    [InlineData(Admin, Read, null)]
    [InlineData(Admin, Relocate, null)]
    [InlineData(Admin, Objects, null)]
    [InlineData(Admin, Kernels, null)]
    public async Task Key_allows_what_its_scopes_say(string key, string request, string? missing)
    {
        var (method, address) = request.Split(' ') switch { [var m, var a] => (m, a), _ => throw new InvalidOperationException() };
        using var message = new HttpRequestMessage(new HttpMethod(method), address) { Headers = { { "X-Api-Key", key } } };
        if (method == "POST")
            message.Content = Answers.Body(address.Contains("kernels", StringComparison.Ordinal) ? Samples.NewBtf : Samples.Object);
        using var answer = await service.Http.SendAsync(message);
        if (missing is null)
        {
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            return;
        }

        var problem = await answer.ProblemAsync(HttpStatusCode.Forbidden, "scope-missing");
        Assert.Equal(missing, (string?)problem["scope"]);
        Assert.DoesNotContain(key, problem.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_keys_in_one_request_are_no_key()
    {
        using var twice = new HttpRequestMessage(HttpMethod.Get, "/v1/kernels");
        twice.Headers.TryAddWithoutValidation("X-Api-Key", ["wrong", Admin]);
        await (await service.Http.SendAsync(twice)).ProblemAsync(HttpStatusCode.Forbidden, "key-refused");
    }
}
