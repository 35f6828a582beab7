using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>A <see cref="Fixup"/> without the kernel's types, from which entries and warnings of a report are printed.</summary>
/// <param name="Record">Index of the record among all of the object.</param>
/// <param name="Resolution">The resolution of its access.</param>
/// <param name="Change">The instruction before and after.</param>
/// <param name="IsReachable">Whether the instruction, if poisoned, can be reached.</param>
internal readonly record struct ReportLine(int Record, ReportedResolution Resolution, InstructionChange Change, bool IsReachable)
{
    public bool IsPoisoned => Change.Poisoned != Miss.None;

    /// <summary>Whether libbpf would refuse the optional program because of it.</summary>
    public bool IsRefused => Change.Poisoned == Miss.Refused;

    public RelocationEffect Effect =>
        IsPoisoned ? RelocationEffect.Poisoned
        : Change.Before != Change.After ? RelocationEffect.Changed
        : RelocationEffect.Unchanged;
}
