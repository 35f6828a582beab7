using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Relo.Api.OpenApi;

/// <summary>
/// An example of the OpenAPI document: a request to an operation and the service's response. Examples are in
/// <c>Examples/&lt;operationId&gt;.json</c>. The requests are written by hand; a test records the responses, and later repeats each request
/// and compares.
/// </summary>
/// <param name="Summary">What it shows.</param>
/// <param name="Request">The request.</param>
/// <param name="Answer">The response; null before it is recorded.</param>
internal sealed record ExampleRun(string Summary, ExampleRequest Request, ExampleAnswer? Answer)
{
    private const string Folder = "examples/";
    private const string Extension = ".json";

    /// <summary>The JSON options of the files.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>All examples, by operation.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ExampleRun>> All { get; } = Read(Assembly.GetExecutingAssembly());

    /// <summary>The command that sends the request.</summary>
    /// <param name="method">Method of the operation.</param>
    /// <param name="path">Path of the operation, with its placeholders.</param>
    public string Curl(string method, string path)
    {
        var parts = new List<string> { "curl -fsS" };
        if (method != HttpMethods.Get && method != HttpMethods.Post) parts.Add($"-X {method}");
        if (Request.Accept is { } accept) parts.Add($"-H 'Accept: {accept}'");
        if (Request.File is { } file)
            parts.Add(Request.Form is { } field ? $"-F {field}=@{Path.GetFileName(file)}" : $"--data-binary @{Path.GetFileName(file)}");
        if (Request.Log is { } log) parts.Add($"-F {Http.Uploads.ObjectForm.LogField}=@{Path.GetFileName(log)}");
        if (Answer?.Body is JsonValue body && body.ToString().StartsWith('(')) parts.Add("-OJ"); // a terminal cannot show binary bytes
        parts.Add($"'http://localhost:8080{Request.Address(path)}'");
        return string.Join(' ', parts);
    }

    private static Dictionary<string, IReadOnlyList<ExampleRun>> Read(Assembly assembly) => assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToDictionary(name => name[Folder.Length..^Extension.Length], name =>
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            return JsonSerializer.Deserialize<IReadOnlyList<ExampleRun>>(file, Json) ?? throw new JsonException($"{name} is empty");
        }, StringComparer.Ordinal);
}
