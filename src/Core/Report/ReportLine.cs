using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>A <see cref="Fixup"/> without the kernel's types, from which entries and warnings of a report are printed.</summary>
/// <param name="Record">Index of the record among all of the object.</param>
/// <param name="Answer">The kernel's answer.</param>
/// <param name="Patched">The instruction before and after.</param>
/// <param name="IsReachable">Whether the instruction, if poisoned, can be reached.</param>
internal readonly record struct ReportLine(int Record, KernelAnswer Answer, InstructionChange Patched, bool IsReachable)
{
    public bool IsPoisoned => Patched.Poisoned != Miss.None;

    /// <summary>Whether libbpf would refuse the optional program because of it.</summary>
    public bool IsRefused => Patched.Poisoned == Miss.Refused;

    public RelocationEffect Effect =>
        IsPoisoned ? RelocationEffect.Poisoned
        : Patched.Before != Patched.After ? RelocationEffect.Changed
        : RelocationEffect.Unchanged;
}
