using System.Globalization;
using Relo.Core.Bpf;
using Relo.Core.Objects;

namespace Relo.Core.Reachability;

/// <summary>An instruction that the verifier refuses when it reaches it.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="Program">The function that contains it.</param>
/// <param name="Instruction">Index of the instruction within its section.</param>
/// <param name="Name">The kernel function, or the number of the helper; null for poison.</param>
public sealed record Refusal(RefusalKind Kind, BpfProgram Program, int Instruction, string? Name = null)
{
    /// <summary>The call, if it has no record: <c>call bpf_task_acquire</c>.</summary>
    public string Local => Kind switch
    {
        RefusalKind.AbsentKfunc => $"call {Name}",
        // As the verifier writes it: unknown func bpf_ringbuf_output#130.
        RefusalKind.UnknownHelper => $"call {HelperName}#{Name}",
        _ => "call bpf_core_unreachable",
    };

    private string HelperName =>
        HelperNames.Of(int.Parse(Name!, CultureInfo.InvariantCulture)) is { } name ? $"bpf_{name}" : "helper";

    /// <summary>An instruction is refused for one reason, so its place identifies it.</summary>
    public bool Equals(Refusal? other) =>
        other is not null && Instruction == other.Instruction && Program.Section.Index == other.Program.Section.Index;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Instruction, Program.Section.Index);
}
