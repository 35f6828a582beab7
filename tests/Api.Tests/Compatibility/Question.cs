using System.Net;
using System.Text.Json.Nodes;
using Relo.Api.Inputs;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Compatibility;

/// <summary>Sends POST /v1/compatibility.</summary>
internal static class Question
{
    public const string Route = "/v1/compatibility";

    /// <summary>Returns as soon as the headers arrive.</summary>
    public static Task<HttpResponseMessage> AskAsync(HttpClient http, string query, string? accept = null, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Route}?{query}") { Content = content ?? Answers.Body(Samples.Object) };
        return http.SendAsync(accept is null ? request : request.Accepting(accept), HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
    }

    /// <summary>The document of a successful response.</summary>
    public static async Task<JsonObject> DocumentAsync(HttpClient http, string query, HttpContent? content = null)
    {
        using var answer = await AskAsync(http, query, content: content);
        var document = await answer.JsonAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, document.Text());
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return document;
    }

    /// <summary>The lines of a response.</summary>
    public static async Task<List<JsonObject>> LinesAsync(HttpClient http, string query)
    {
        using var answer = await AskAsync(http, query, "application/x-ndjson");
        Assert.Equal((HttpStatusCode.OK, "application/x-ndjson"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        return [.. text.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    public static List<string> Kernels(this JsonNode? group) => [.. group!["kernels"]!.AsArray().Select(id => (string)id!)];

    public static async Task AddAsync(HttpClient http, string distro, byte[] btf, string arch = "x86_64", string release = "6.6.6") =>
        (await http.PostAsync($"/v1/kernels?distro={distro}&version=1&arch={arch}&release={release}", Answers.Body(btf)))
            .EnsureSuccessStatusCode();
}
