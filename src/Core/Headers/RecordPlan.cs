namespace Relo.Core.Headers;

/// <summary>How a struct or union is written so that its members have the kernel's offsets.</summary>
/// <param name="IsPacked">With <c>__attribute__((packed))</c>.</param>
/// <param name="AlignBytes">Its alignment in bytes, written that way.</param>
/// <param name="IsAligned">Whether the alignment must be written.</param>
/// <param name="Members">Its members, in order; null if C cannot give them the kernel's offsets.</param>
internal sealed record RecordPlan(bool IsPacked, long AlignBytes, bool IsAligned, PlannedMember[]? Members)
{
    /// <summary>Whether the offsets are the kernel's.</summary>
    public bool IsExact => Members is not null;

    /// <summary>
    /// The plan for a type whose offsets C cannot reproduce, such as one with pointers on a 32-bit kernel: CO-RE corrects each access.
    /// </summary>
    public static RecordPlan Inexact(long alignBytes) => new(false, alignBytes, false, null);
}
