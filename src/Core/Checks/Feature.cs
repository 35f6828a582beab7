using System.Text.Json.Serialization;

namespace Relo.Core.Checks;

/// <summary>A helper, map type, program type or other feature of a kernel.</summary>
/// <param name="Name">Its name: <c>bpf_ringbuf_output</c>, <c>sched_switch</c>.</param>
/// <param name="Evidence">Where the BTF shows it.</param>
/// <param name="Since">The release of Linux that introduced it, if known; earlier kernels with the feature have a backport.</param>
public sealed record Feature(
    string Name, string Evidence, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Since = null);
