using Relo.Core.Relocation;

namespace Relo.Core.Diagnoses;

/// <summary>A kernel that has fields which the diagnosed one lacks. Its types must be open during the diagnosis.</summary>
/// <param name="Name">Its name, for the evidence of proposals.</param>
/// <param name="Kernel">Its types.</param>
public sealed record ProposalEvidence(string Name, KernelTypes Kernel);
