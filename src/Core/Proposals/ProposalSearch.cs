using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Relocation;

namespace Relo.Core.Proposals;

/// <summary>
/// Searches a kernel's types for what replaced a field: a member of another name at the same place, a member of the same name in a
/// nested struct, or in a struct that the old one points to.
/// <code>
/// struct task_struct { volatile long state; → unsigned int __state;      renamed
/// struct request     { struct gendisk *rq_disk; → struct request_queue *q; (q->disk)      moved-to
/// </code>
/// </summary>
/// <param name="work">Bounds the search; when it is exhausted, fewer proposals are found.</param>
internal sealed class ProposalSearch(WorkBudget work)
{
    /// <summary>The budget of one diagnosis: a few tenths of a second.</summary>
    public const long Steps = 1 << 22;

    /// <summary>The budget of one report, which may be one of thousands: a few milliseconds.</summary>
    public const long StepsOfReport = 1 << 18;

    private const int MaxProposals = 3;

    private readonly FlatMembers _members = new(work);
    private readonly Dictionary<(BtfTypes, uint, uint, string), IReadOnlyList<FieldProposal>> _known = [];

    /// <summary>The kernel types that were read in addition to the accessed types and everything that those contain.</summary>
    public IReadOnlySet<(BtfTypes Types, BtfType Type)> Pointees => _members.Pointees;

    /// <summary>The proposals for an access without a target, the most likely first.</summary>
    /// <param name="local">The access in the object's types.</param>
    /// <param name="resolution">Its resolution on the kernel.</param>
    /// <param name="evidence">Structs that have the field; the strongest evidence first.</param>
    public IReadOnlyList<FieldProposal> Of(AccessSpec local, Resolution resolution, params IReadOnlyList<FieldEvidence> evidence)
    {
        if (resolution.Target is not null || resolution.Considered.Count == 0 || evidence.Count == 0) return [];
        var (types, root) = resolution.Considered[0].Candidate;
        return resolution.Miss switch
        {
            Miss.NoEnumerator => EnumeratorSearch.Of(local, types, root, evidence[0], work),
            Miss.NoField when local.Kind.IsFieldBased() => OfField(local, types, root, evidence),
            _ => [],
        };
    }

    private IReadOnlyList<FieldProposal> OfField(AccessSpec local, BtfTypes types, uint root, IReadOnlyList<FieldEvidence> evidence)
    {
        if (Diverge(local, types, root) is not { } at) return [];
        var name = local.Types.NameText(local.Accessors[at.Index].NameOffset);
        foreach (var known in evidence)
        {
            if (at.Index >= known.Access.Accessors.Length) continue;
            // Cached: thousands of records may be about one struct, and those about one field differ only in kind.
            var key = (known.Access.Types, known.CompositeAt(at.Index), at.CompositeId, name);
            if (!_known.TryGetValue(key, out var found))
                _known.Add(key, found = Best(new StructComparison(_members, known, at.Index, name, types, at.CompositeId, work).Find()));
            if (found.Count > 0) return found;
        }
        return [];
    }

    // Proposals that are much less likely than the best would only distract.
    private static List<FieldProposal> Best(IEnumerable<FieldProposal> all)
    {
        var sorted = all.OrderByDescending(proposal => proposal.Weight).Take(MaxProposals).ToList();
        return [.. sorted.Where(proposal => proposal.Weight * 5 >= sorted[0].Weight * 4)];
    }

    /// <summary>The accessor at which the kernel's types part from the object's, and the kernel's struct there.</summary>
    private (int Index, uint CompositeId)? Diverge(AccessSpec local, BtfTypes types, uint root)
    {
        var id = root;
        for (var i = 1; i < local.Accessors.Length; i++)
        {
            if (!work.Pay()) return null;
            var type = types.SkipModifiers(id);
            if (!local.Accessors[i].IsNamed)
            {
                if (type.Kind != BtfKind.Array) return null;
                id = types.Array(type).ElementTypeId;
                continue;
            }
            if (!type.Kind.IsComposite()) return null;
            var name = local.Types.NameText(local.Accessors[i].NameOffset);
            var member = _members.Of(types, type.Id).FirstOrDefault(member => member.Name == name);
            if (member.Name is null) return (i, type.Id);
            id = member.TypeId;
        }
        return null;
    }
}
