using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Relo.Api.Tests.Fixtures;

/// <summary>Common steps of tests with requests and responses.</summary>
internal static class Answers
{
    private static readonly string[] TextMembers = ["title", "detail", "traceId"];

    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage answer)
        => (await JsonNode.ParseAsync(await answer.Content.ReadAsStreamAsync()))!.AsObject();

    /// <summary>Asserts the members that every problem has, and returns it.</summary>
    public static async Task<JsonObject> ProblemAsync(this HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"expected {status}, found {answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.True(code == (string?)problem["code"], $"expected {code}, found: {text}");
        Assert.Equal($"/problems/{code}", (string?)problem["type"]);
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.All(TextMembers, member => Assert.NotEmpty((string?)problem[member] ?? ""));
        return problem;
    }

    public static HttpRequestMessage Accepting(this HttpRequestMessage request, string mediaType)
    {
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(mediaType));
        return request;
    }

    /// <summary>A body as <c>curl --data-binary</c> sends it, with the header's value if given.</summary>
    public static ByteArrayContent Body(byte[] bytes, string? contentType = "application/octet-stream", string? contentEncoding = null)
    {
        var content = new ByteArrayContent(bytes);
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (contentEncoding is not null) content.Headers.TryAddWithoutValidation("Content-Encoding", contentEncoding);
        return content;
    }

    public static string? Header(this HttpResponseMessage answer, string name)
        => answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    public static string Text(this JsonNode? node) => JsonSerializer.Serialize(node);
}
