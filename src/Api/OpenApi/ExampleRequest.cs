namespace Relo.Api.OpenApi;

/// <summary>The request of an example.</summary>
/// <param name="Path">Values of the placeholders in the path.</param>
/// <param name="Query">Parameters.</param>
/// <param name="Accept">The requested media type; null for the default.</param>
/// <param name="File">The uploaded file, from <c>wwwroot/samples</c>.</param>
/// <param name="Form">Its form field; null to send it as the body.</param>
/// <param name="Log">The uploaded log, in the form field <c>log</c>; null if there is none.</param>
internal sealed record ExampleRequest(
    IReadOnlyDictionary<string, string>? Path, IReadOnlyDictionary<string, string>? Query, string? Accept, string? File, string? Form,
    string? Log = null)
{
    /// <summary>Path and query, for the path of an operation.</summary>
    public string Address(string path)
    {
        foreach (var (name, value) in Path ?? new Dictionary<string, string>())
            path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return Query is null
            ? path
            : $"{path}?{string.Join('&', Query.Select(q => $"{q.Key}={Escaped(q.Value)}"))}";
    }

    private static string Escaped(string value) => Uri.EscapeDataString(value).Replace("%2F", "/", StringComparison.Ordinal);
}
