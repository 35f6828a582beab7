using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Relo.Api.Trust;

/// <summary>
/// Writes a statement about a relocation: an in-toto Statement (version 1) with the predicate SLSA Provenance (version 1). The same
/// relocation gives the same bytes on every node: there is no time and no invocation in it. Described for users at <c>/docs/trust</c>; the
/// scripts for nodes read it with <c>sed</c>, so the order of its members is part of its form.
/// </summary>
internal static class Statement
{
    /// <summary>The predicate.</summary>
    public const string PredicateType = "https://slsa.dev/provenance/v1";

    /// <summary>What a build of this type does: documented under <c>/docs/trust</c>.</summary>
    public const string BuildType = "urn:relo:relocation:1";

    private const string Type = "https://in-toto.io/Statement/v1";

    // People and sed read it: no \u escapes where JSON needs none. It is never embedded in HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it.</summary>
    /// <param name="facts">What it says.</param>
    /// <param name="builderId">URI of this builder.</param>
    /// <param name="version">Version of Relo.</param>
    public static ReadOnlyMemory<byte> Write(StatementFacts facts, string builderId, string version)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        json.WriteString("_type", Type);
        json.WriteStartArray("subject");
        Write(json, facts.Patched);
        json.WriteEndArray();
        json.WriteString("predicateType", PredicateType);
        json.WriteStartObject("predicate");
        WriteDefinition(json, facts);
        WriteRun(json, facts, builderId, version);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteDefinition(Utf8JsonWriter json, StatementFacts facts)
    {
        json.WriteStartObject("buildDefinition");
        json.WriteString("buildType", BuildType);
        json.WriteStartObject("externalParameters");
        json.WriteString("object", facts.Dependencies[0].Digest.ToString());
        json.WriteStartArray("kernels");
        foreach (var kernel in facts.Kernels) json.WriteStringValue(kernel);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("resolvedDependencies");
        foreach (var dependency in facts.Dependencies) Write(json, dependency);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json, StatementFacts facts, string builderId, string version)
    {
        json.WriteStartObject("runDetails");
        json.WriteStartObject("builder");
        json.WriteString("id", builderId);
        json.WriteStartObject("version");
        json.WriteString("relo", version);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("byproducts");
        json.WriteStartObject();
        json.WriteString("name", "report");
        json.WriteStartObject("annotations");
        json.WriteString("verdict", JsonNamingPolicy.KebabCaseLower.ConvertName(facts.Verdict.ToString()));
        if (facts.Summary is { } summary)
        {
            json.WriteNumber("relocations", summary.Relocations);
            json.WriteNumber("changed", summary.Changed);
            json.WriteNumber("poisoned", summary.Poisoned);
            json.WriteNumber("poisonedReachable", summary.PoisonedReachable);
            json.WriteNumber("absent", summary.Absent);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // A ResourceDescriptor of in-toto.
    private static void Write(Utf8JsonWriter json, StatementFile file)
    {
        json.WriteStartObject();
        json.WriteString("name", file.Name);
        json.WriteStartObject("digest");
        json.WriteString("sha256", file.Digest.Hex);
        json.WriteEndObject();
        json.WriteStartObject("annotations");
        json.WriteNumber("sizeBytes", file.SizeBytes);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
