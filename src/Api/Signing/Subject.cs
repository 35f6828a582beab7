using System.Text.Json;
using Relo.Core.Bytes;

namespace Relo.Api.Signing;

/// <summary>What an in-toto statement is about.</summary>
/// <param name="Name">File name.</param>
/// <param name="Digest">SHA-256 of the bytes.</param>
internal sealed record Subject(string Name, Digest Digest)
{
    /// <summary>The media type of in-toto statements.</summary>
    public const string StatementType = "application/vnd.in-toto+json";

    /// <summary>Reads it from a payload whose signature was verified.</summary>
    /// <exception cref="FormatException">It is not a statement about one file.</exception>
    public static Subject Of(string payloadType, ReadOnlySpan<byte> payload)
    {
        if (payloadType != StatementType) throw new FormatException($"the payload is {payloadType}, expected {StatementType}");
        var reader = new Utf8JsonReader(payload);
        using var json = JsonDocument.ParseValue(ref reader);
        var root = json.RootElement;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("subject", out var subjects)
            && subjects.ValueKind == JsonValueKind.Array && subjects.GetArrayLength() == 1
            && subjects[0] is { ValueKind: JsonValueKind.Object } subject && Text(subject, "name") is { } name
            && subject.TryGetProperty("digest", out var digests) && Digest.TryParse(Text(digests, "sha256"), out var digest)
            ? new(name, digest)
            : throw new FormatException("the payload is not a statement about one file");
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
