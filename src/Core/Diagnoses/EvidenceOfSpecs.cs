using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Proposals;
using Relo.Core.Relocation;

namespace Relo.Core.Diagnoses;

/// <summary>The structs that have a field which the diagnosed kernel lacks: those of other kernels first, then the object's own.</summary>
internal sealed class EvidenceOfSpecs(BpfObject bpf, IReadOnlyList<ProposalEvidence> kernels, WorkBudget work)
{
    private readonly Resolver[] _resolvers = [.. kernels.Select(kernel => new Resolver(bpf, kernel.Kernel, work))];

    /// <summary>The evidence for an access.</summary>
    public IReadOnlyList<FieldEvidence> Of(int spec)
    {
        var found = new List<FieldEvidence>();
        for (var i = 0; i < _resolvers.Length; i++)
            if (_resolvers[i].Resolve(spec).Resolution?.Target is { } target) found.Add(new(target, kernels[i].Name));
        if (bpf.Specs[spec].Spec is { } local) found.Add(FieldEvidence.OfObject(local));
        return found;
    }
}
