using System.Runtime.InteropServices;
using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Core.Proposals;

/// <summary>The members of structs, with those of unnamed members in place, as C code sees them. Each struct is read once.</summary>
internal sealed class FlatMembers(WorkBudget work)
{
    // struct task_struct has about 250.
    private const int MaxMembers = 4096;
    private const int StepsPerMember = 8;

    private readonly Dictionary<(BtfTypes, uint), List<FlatMember>> _known = [];

    /// <summary>The named structs and unions that were read only because a pointer leads to them.</summary>
    public HashSet<(BtfTypes Types, BtfType Type)> Pointees { get; } = [];

    /// <summary>The members of a struct or union in order; none for other types, or when the budget is exhausted.</summary>
    public IReadOnlyList<FlatMember> Of(BtfTypes types, uint id)
    {
        ref var members = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, (types, id), out var exists);
        if (exists) return members!;
        var flat = members = [];
        MemberWalk.Run(
            types, types.SkipModifiers(id), count => flat.Count < MaxMembers && work.Pay((long)count * StepsPerMember),
            (member, _) =>
            {
                if (flat.Count < MaxMembers) flat.Add(new(types.NameText(member.NameOffset), member.TypeId));
            });
        return flat;
    }

    /// <summary>The same for what a pointer leads to.</summary>
    public IReadOnlyList<FlatMember> Through(BtfTypes types, BtfType composite)
    {
        Pointees.Add((types, composite));
        return Of(types, composite.Id);
    }
}
