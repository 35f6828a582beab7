using System.Text.Json.Serialization;

namespace Relo.Core.Checks;

/// <summary>Something that an object needs of the kernel, besides the types that its CO-RE records ask about.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Name">Its name in the kernel's words: <c>bpf_ringbuf_output</c>, <c>ringbuf</c>, <c>tcp_v4_connect</c>.</param>
/// <param name="Programs">The programs that need it; empty where the whole object does.</param>
/// <param name="Optional">Whether the object loads without it: only optional programs need it, or the reference is weak.</param>
public sealed record Need(NeedKind Kind, string Name, IReadOnlyList<string> Programs, bool Optional)
{
    /// <summary>How a kernel's BTF shows it.</summary>
    [JsonIgnore]
    internal Indicator Indicator { get; init; } = new Indicator.Hidden("nothing in BTF shows it");
}
