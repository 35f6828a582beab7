using System.Text.Json.Serialization;

namespace Relo.Core.Checks;

/// <summary>Whether a kernel has something that an object needs.</summary>
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
    bool Optional)
{
    /// <summary>
    /// Whether the kernel shows that the object's need is not met: it is absent, and the object does not load without it.
    /// </summary>
    [JsonIgnore]
    public bool IsLacking => this is { Status: CheckStatus.Absent, Optional: false };

    /// <summary>By value, programs included.</summary>
    public bool Equals(Check? other) => other is not null
        && (Kind, Name, Status, Evidence, Since, Optional) == (other.Kind, other.Name, other.Status, other.Evidence, other.Since,
            other.Optional)
        && Programs.SequenceEqual(other.Programs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Name, Status, Evidence, Optional);
}
