using System.Text.Json.Serialization;

namespace Relo.Core.Checks;

/// <summary>Something that a kernel has.</summary>
/// <param name="Name">Its name: <c>bpf_ringbuf_output</c>, <c>sched_switch</c>.</param>
/// <param name="Evidence">Where the BTF shows it.</param>
/// <param name="Since">The release of Linux that introduced it, if known; earlier ones have it by a backport.</param>
public sealed record Feature(
    string Name, string Evidence, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Since = null);
