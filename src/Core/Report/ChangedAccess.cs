using Relo.Core.Proposals;

namespace Relo.Core.Report;

/// <summary>An access that differs on a kernel, from which a <see cref="FieldChange"/> is printed.</summary>
/// <param name="Spec">Index of the access among the object's distinct ones.</param>
/// <param name="Change">The kind of change.</param>
/// <param name="Place">Where the field is on the kernel; null if it does not exist there.</param>
/// <param name="TargetType">Kind and name of the kernel's type.</param>
/// <param name="Uses">Indexes of the records that use it.</param>
internal readonly record struct ChangedAccess(int Spec, string Change, FieldPlace? Place, string? TargetType, int[] Uses)
{
    /// <summary>What may have replaced it, if it does not exist there.</summary>
    public FieldProposal? Proposal { get; init; }

    /// <summary>Characters of the texts that the change alone keeps in memory.</summary>
    public int ProposalCharacters => Proposal is null ? 0 : Proposal.Path.Length + (Proposal.Type?.Length ?? 0) + Proposal.Evidence.Length;
}
