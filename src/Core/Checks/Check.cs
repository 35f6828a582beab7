using System.Text.Json.Serialization;

namespace Relo.Core.Checks;

/// <summary>A need of an object, held against a kernel.</summary>
/// <param name="Kind">What kind of thing is needed.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Whether the kernel has it.</param>
/// <param name="Evidence">What was looked at, or why it cannot be seen: <c>enum bpf_func_id has BPF_FUNC_ringbuf_output</c>.</param>
/// <param name="Since">The release of Linux that introduced it, if known. Distributions backport: the evidence decides, not this.</param>
/// <param name="Programs">The programs that need it; empty where the whole object does.</param>
/// <param name="Optional">
/// Whether the object loads without it: only optional programs need it, the reference is weak, or every use is guarded.
/// </param>
public sealed record Check(
    NeedKind Kind,
    string Name,
    CheckStatus Status,
    string Evidence,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Since,
    IReadOnlyList<string> Programs,
    bool Optional);
