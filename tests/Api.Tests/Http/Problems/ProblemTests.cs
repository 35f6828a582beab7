using System.Net;
using System.Text.Json.Nodes;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Api.Tests.Http.Problems;

/// <summary>Requests refused before any use case, and the pages that explain the codes.</summary>
public sealed class ProblemTests(Service service) : IClassFixture<Service>
{
    [Theory]
    [InlineData("/nothing")]
    [InlineData("/v1/nothing")]
    [InlineData("/samples/nothing.o")]
    [InlineData("/problems/nothing")]
    public async Task Unknown_address_is_a_problem_for_browsers_too(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await service.Http.SendAsync(request.Accepting("text/html"));
        await answer.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Wrong_method_is_a_problem_that_lists_the_right_ones()
    {
        using var answer = await service.Http.PutAsync("/v1/kernels", null);
        await answer.ProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Equal(["DELETE", "GET", "HEAD", "POST"], answer.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task Defect_is_an_internal_error_that_tells_no_paths()
    {
        using var broken = new ServiceHost(root: null);
        // A database that is not of this version: no fault of the disk.
        await TestDatabase.SqlAsync(broken.Root, "ALTER TABLE Objects RENAME COLUMN SizeBytes TO Size");
        using var answer = await broken.Http.GetAsync("/v1/objects");
        var problem = await answer.ProblemAsync(HttpStatusCode.InternalServerError, "internal-error");
        Assert.DoesNotContain(broken.Root, problem.Text(), StringComparison.Ordinal);
    }

    public static TheoryData<string> Codes => [.. ProblemKinds.All.Select(k => k.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_code_is_explained_to_people_and_programs(string code)
    {
        var json = await (await service.Http.GetAsync($"/problems/{code}")).JsonAsync();
        Assert.Equal(code, (string?)json["code"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/problems/{code}");
        using var page = await service.Http.SendAsync(request.Accepting("text/html"));
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains(WebUtility.HtmlEncode((string)json["remedy"]!), await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_of_codes_has_all_of_the_contract()
    {
        string[] contract =
        [
            "unknown-parameter", "invalid-parameter", "not-acceptable", "digest-mismatch", "invalid-kernel", "kernel-ambiguous",
            "kernel-not-found", "kernel-conflict", "invalid-btf", "unrecognised-kernel-file",
            "not-a-bpf-object", "malformed-object", "no-btf", "already-relocated", "relocation-failed", "relocation-unusable",
        ];
        var listed = JsonNode.Parse(await service.Http.GetStringAsync(new Uri("/problems", UriKind.Relative)))!.AsArray()
            .Select(k => (string)k!["code"]!);
        Assert.Empty(contract.Except(listed));
    }
}
