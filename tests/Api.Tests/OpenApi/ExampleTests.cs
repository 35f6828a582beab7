using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relo.Api.OpenApi;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.OpenApi;

/// <summary>
/// Makes each example of the OpenAPI document anew and compares. With RELO_UPDATE_OPENAPI=1 it records them; they are part of the program,
/// so the document has them after the next build.
/// </summary>
public sealed class ExampleTests(Service service) : IClassFixture<Service>
{
    private const string Tag = "runqslower-mini";
    private const string Moment = "2026-01-31T09:30:00+00:00";
    private const int TextLines = 12;
    private const int ListItems = 3;
    private static readonly string[] Moments = ["addedAt", "uploadedAt", "lastUsedAt"];
    private static readonly string[] Changing = ["addKernel", "addObject", "deleteKernel", "deleteObject", "listAudit"];
    private static readonly string[] Signed = ["getAttestationOfRelocated", "getAttestationOfRelocation", "listKeys"];
    private static readonly string SampleFolder = Path.Combine(AppContext.BaseDirectory, "wwwroot", "samples");

    public static TheoryData<string> Operations => [.. ExampleRun.All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Example_is_what_the_service_answers(string operation)
    {
        using var key = Signed.Contains(operation) ? TestKeys.InFile() : null;
        using var own = key is not null ? new ServiceHost(root: null, ("Signing:KeyFile", key.Path))
            : Changing.Contains(operation) ? new ServiceHost(root: null) : null;
        var http = own?.Http ?? service.Http;
        if (operation != "addObject")
            (await http.PostAsync($"/v1/objects?name={Tag}",
                Answers.Body(await File.ReadAllBytesAsync(Path.Combine(SampleFolder, $"{Tag}.bpf.o"))))).EnsureSuccessStatusCode();

        var (method, path) = await PlaceAsync(operation);
        var made = new List<ExampleRun>();
        foreach (var run in ExampleRun.All[operation]) made.Add(run with { Answer = await AnswerAsync(http, method, path, run.Request) });

        var text = JsonSerializer.Serialize(made, ExampleRun.Json) + "\n";
        if (OpenApiTests.Updates) await File.WriteAllTextAsync(Path.Combine(OpenApiTests.Folder, "Examples", $"{operation}.json"), text);
        else Assert.Equal(JsonSerializer.Serialize(ExampleRun.All[operation], ExampleRun.Json) + "\n", text);
    }

    [Fact]
    public async Task Every_operation_shows_a_request_and_the_answer_to_it()
    {
        foreach (var (_, _, operation) in await OpenApiTests.OperationsAsync(service.Http))
        {
            var id = (string)operation["operationId"]!;
            Assert.True(ExampleRun.All.ContainsKey(id),
                $"{id} has no src/Api/OpenApi/Examples/{id}.json; write its requests and record the answers with {OpenApiTests.Update}=1");
            var good = operation["responses"]!.AsObject().Where(r => r.Key.StartsWith('2')).Select(r => r.Value!["content"]).ToList();
            Assert.True(good.Any(content => content is null || content.AsObject().Any(type => type.Value!["examples"] is not null)), id);
            Assert.Contains("curl -fsS", (string)operation["description"]!, StringComparison.Ordinal);
        }
    }

    private async Task<(string Method, string Path)> PlaceAsync(string id)
    {
        var (path, method, _) = (await OpenApiTests.OperationsAsync(service.Http)).Single(o => (string?)o.Operation["operationId"] == id);
        return (method.ToUpperInvariant(), path);
    }

    private static async Task<ExampleAnswer> AnswerAsync(HttpClient http, string method, string path, ExampleRequest example)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), example.Address(path));
        if (example.Accept is { } accept) request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        if (example.File is { } file)
        {
            var content = Answers.Body(await File.ReadAllBytesAsync(Path.Combine(SampleFolder, file)));
            request.Content = example.Form is { } field
                ? new MultipartFormDataContent { { content, field, Path.GetFileName(file) } }
                : content;
            if (example.Log is { } log)
                ((MultipartFormDataContent)request.Content)
                    .Add(Answers.Body(await File.ReadAllBytesAsync(Path.Combine(SampleFolder, log))), "log", log);
        }

        using var answer = await http.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var type = answer.Content.Headers.ContentType?.MediaType;
        return new((int)answer.StatusCode, type, type switch
        {
            null => null,
            _ when type.EndsWith("json", StringComparison.Ordinal) && !type.EndsWith("ndjson", StringComparison.Ordinal) =>
                Same(JsonNode.Parse(bytes)!),
            _ when type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("ndjson", StringComparison.Ordinal) =>
                Beginning(System.Text.Encoding.UTF8.GetString(bytes), http),
            // a report in it has the time at which its kernel was added
            "application/zip" =>
                JsonValue.Create($"({string.Join(", ", new ZipArchive(new MemoryStream(bytes)).Entries.Select(e => e.FullName))})"),
            _ => JsonValue.Create($"({bytes.Length} bytes, {Digest.Of(bytes)})"),
        });
    }

    private static JsonValue Beginning(string text, HttpClient http)
    {
        var lines = text.Replace(http.BaseAddress!.ToString().TrimEnd('/'), "http://localhost:8080", StringComparison.Ordinal).Split('\n');
        return JsonValue.Create(string.Join('\n', lines.Take(TextLines)) + (lines.Length > TextLines + 1 ? "\n…\n" : ""));
    }

    // What differs from run to run is always the same in an example.
    private static JsonNode Same(JsonNode node, bool isRoot = true)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (Moments.Contains(name)) members[name] = Moment;
                    else if (name == "at") members[name] = "2026-01-31T09:30:00.000Z";
                    else if (name is "hash" or "previous") members[name] = "5a1b…"; // of the moment
                    else if (name == "by" && value!.ToString().StartsWith("address ", StringComparison.Ordinal))
                        members[name] = "address 192.0.2.7";
                    else if (name == "sig") members[name] = "MEUCIQDF…"; // no two are equal
                    else if (name == "payload") members[name] = "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEi…"; // has the version
                    else if (name == "traceId") members[name] = "0af7651916cd43dd8448eb211c80319c";
                    else if (value is not null) Same(value, isRoot: false);
                }
                break;
            case JsonArray items:
                while (isRoot && items.Count > ListItems) items.RemoveAt(items.Count - 1);
                foreach (var item in items) if (item is not null) Same(item, isRoot: false);
                break;
        }

        return node;
    }
}
