using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Json;

/// <summary>
/// The JSON format of every response: camelCase, enums as kebab-case strings, digests as <c>sha256:…</c>, members in the order of the
/// contract, nulls kept.
/// </summary>
internal static class ApiJson
{
    /// <summary>
    /// Source-generated serialisers, so that the first response needs no reflection. Set at startup, because they are for documents of
    /// folders that depend on this one. Other types, and all types before it is set, use reflection; the JSON is the same.
    /// </summary>
    public static IJsonTypeInfoResolver? Generated { get; set; }

    /// <summary>The options.</summary>
    public static JsonSerializerOptions Options { get; } = Apply(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>The same, indented.</summary>
    public static JsonSerializerOptions Indented { get; } =
        Apply(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" });

    /// <summary>A whole response: with a final newline, indented for people.</summary>
    public static byte[] Write<T>(HttpRequest request, T document)
    {
        using var buffer = new MemoryStream();
        JsonSerializer.Serialize(buffer, document, IsForReading(request) ? Indented : Options);
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>
    /// Whether JSON is indented: yes if <c>Accept</c> matches it only by a wildcard, as curl's and a browser's do. A client that names a
    /// JSON media type, or sends no <c>Accept</c> at all, gets it without whitespace.
    /// </summary>
    public static bool IsForReading(HttpRequest request)
        => request.Headers.Accept.Count > 0
            && !request.GetTypedHeaders().Accept.Any(range => range.MediaType.Value is { } type && IsJson(type));

    /// <summary>Whether this is a JSON media type.</summary>
    public static bool IsJson(string mediaType) =>
        mediaType.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Configures <paramref name="options"/> to write that format.</summary>
    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.NumberHandling = JsonNumberHandling.Strict;
        // Kernel releases contain '+', specs '<' and '&', so these are not escaped. Browsers do not sniff responses as HTML
        // (X-Content-Type-Options: nosniff).
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.Converters.Add(new DigestConverter());
        options.TypeInfoResolver = JsonTypeInfoResolver.Combine(new GeneratedResolver(), options.TypeInfoResolver
            ?? new DefaultJsonTypeInfoResolver());
        return options;
    }

    private sealed class GeneratedResolver : IJsonTypeInfoResolver
    {
        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) => Generated?.GetTypeInfo(type, options);
    }

    private sealed class DigestConverter : JsonConverter<Digest>
    {
        public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => Digest.TryParse(reader.GetString(), out var digest)
                ? digest
                : throw new JsonException("expected sha256: and 64 hexadecimal digits");

        public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
