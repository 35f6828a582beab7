using System.Text.Json.Nodes;
using Relo.Api.Http.Problems;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.OpenApi;

public sealed class OpenApiTests(Service service) : IClassFixture<Service>
{
    /// <summary>If set to 1, the committed file is rewritten instead of compared.</summary>
    internal const string Update = "RELO_UPDATE_OPENAPI";

    internal static bool Updates => Environment.GetEnvironmentVariable(Update) == "1";

    internal static string Folder => Path.Combine(Repository.Root, "src", "Api", "OpenApi");

    [Fact]
    public async Task Committed_document_is_the_served_one()
    {
        var committed = Path.Combine(Folder, "openapi.json");
        var served = await service.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)) + "\n";
        if (Updates) await File.WriteAllTextAsync(committed, served);
        Assert.True(await File.ReadAllTextAsync(committed) == served,
            $"{committed} is not what is served; run the tests once with {Update}=1 and commit it");
    }

    [Fact]
    public async Task Every_operation_has_a_summary_an_id_and_answers()
    {
        var operations = (await OperationsAsync(service.Http)).ConvertAll(o => o.Operation);
        Assert.True(operations.Count >= 11, $"{operations.Count} operations");
        Assert.All(operations, o => Assert.NotEmpty((string?)o["summary"] ?? ""));
        Assert.Equal(operations.Count, operations.Select(o => (string?)o["operationId"]).Distinct().Count());
        Assert.All(operations, o => Assert.Contains(o["responses"]!.AsObject(), r => r.Key.StartsWith('2')));
        Assert.All(operations.SelectMany(o => o["parameters"]?.AsArray() ?? []), p => Assert.NotEmpty((string?)p!["description"] ?? ""));
    }

    [Fact]
    public async Task Every_code_that_belongs_to_a_route_is_documented_there()
    {
        var document = await service.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        // HTTP's own, on every route
        string[] anywhere = ["bad-request", "host-not-allowed", "method-not-allowed", "request-timeout", "internal-error"];
        Assert.All(ProblemKinds.All.Select(k => k.Code).Except(anywhere),
            code => Assert.Contains($"`{code}`", document, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_operation_that_counts_requests_says_what_comes_of_too_many_and_of_too_long_ones()
    {
        var operations = await OperationsAsync(service.Http);
        foreach (var status in new[] { "429", "504" })
            Assert.All(operations,
                o => Assert.Equal(o.Path.StartsWith("/v1/", StringComparison.Ordinal)
                    || o.Path.StartsWith("/api/v1/", StringComparison.Ordinal), o.Operation["responses"]![status] is not null));
        Assert.Contains(operations, o => o.Path == "/fetch.sh");
    }

    [Fact]
    public async Task Every_operation_is_in_a_group_that_is_described()
    {
        var document = JsonNode.Parse(await service.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
        var groups = document["tags"]!.AsArray().Select(tag => (string?)tag!["name"]).ToHashSet();
        Assert.All(await OperationsAsync(service.Http), o => Assert.Contains((string?)o.Operation["tags"]![0], groups));
    }

    [Fact]
    public async Task Route_that_only_reads_but_needs_a_key_names_the_problems_of_keys()
    {
        var audit = (await OperationsAsync(service.Http)).Single(o => o.Path == "/v1/audit" && o.Method == "get").Operation;
        Assert.NotNull(audit["responses"]!["401"]);
        Assert.NotNull(audit["responses"]!["403"]);
    }

    [Fact]
    public async Task Object_can_be_uploaded_as_a_form_and_as_the_body()
    {
        var document = JsonNode.Parse(await service.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
        var body = document["paths"]!["/v1/relocations"]!["post"]!["requestBody"]!["content"]!;
        Assert.Equal("binary", (string?)body["multipart/form-data"]!["schema"]!["properties"]!["object"]!["format"]);
        Assert.Equal("binary", (string?)body["application/octet-stream"]!["schema"]!["format"]);
    }

    [Fact]
    public async Task Swagger_UI_is_served_whole_from_here()
    {
        var page = await service.Http.GetStringAsync(new Uri("/swagger/index.html", UriKind.Relative));
        Assert.Contains("swagger-ui-bundle.js", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        foreach (var part in new[] { "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "swagger-ui.css", "index.js" })
            Assert.True((await service.Http.GetAsync($"/swagger/{part}")).IsSuccessStatusCode, part);
    }

    internal static async Task<List<(string Path, string Method, JsonNode Operation)>> OperationsAsync(HttpClient http)
    {
        var document = JsonNode.Parse(await http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
        return [.. document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, operation.Key, operation.Value!)))];
    }
}
