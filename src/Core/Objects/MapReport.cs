using System.Text.Json.Serialization;

namespace Relo.Core.Objects;

/// <summary>A map of the object, as defined there; missing values are null.</summary>
/// <param name="Name">Its name; for global data, the name of the section.</param>
/// <param name="Definition">The way it is defined.</param>
/// <param name="Type">Map type: <c>hash</c>, <c>ringbuf</c>, …</param>
/// <param name="KeySizeBytes">Size of a key.</param>
/// <param name="ValueSizeBytes">Size of a value.</param>
/// <param name="MaxEntries">Number of entries; for a ring buffer, bytes.</param>
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
