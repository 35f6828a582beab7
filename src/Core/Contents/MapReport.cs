using System.Text.Json.Serialization;

namespace Relo.Core.Contents;

/// <summary>A map of the object, as it is defined there; what a definition leaves out is null.</summary>
/// <param name="Name">Its name; of global data that of the section.</param>
/// <param name="Definition">How it is defined.</param>
/// <param name="Type">Map type: <c>hash</c>, <c>ringbuf</c>, …</param>
/// <param name="KeySizeBytes">Size of a key.</param>
/// <param name="ValueSizeBytes">Size of a value.</param>
/// <param name="MaxEntries">Number of entries; of a ring buffer, bytes.</param>
/// <param name="Flags">BPF_F_* flags.</param>
/// <param name="Pinned">Whether the loader pins it by its name (LIBBPF_PIN_BY_NAME).</param>
public sealed record MapReport(
    string Name,
    MapDefinition Definition,
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? KeySizeBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ValueSizeBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? MaxEntries,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] uint? Flags,
    bool Pinned);
