using System.Runtime.InteropServices;
using Relo.Core.Btf;

namespace Relo.Core.Proposals;

/// <summary>The members of structs, with those of unnamed members in place, as C code sees them. Each struct is read once.</summary>
internal sealed class FlatMembers(WorkBudget work)
{
    // struct task_struct has about 250.
    private const int MaxMembers = 4096;
    private const int MaxDepth = 8;

    private readonly Dictionary<(BtfTypes, uint), List<FlatMember>> _known = [];

    /// <summary>The named structs and unions that were read only because a pointer leads to them.</summary>
    public HashSet<(BtfTypes Types, BtfType Type)> Pointed { get; } = [];

    /// <summary>The members of a struct or union in order; none for other types, or when the budget is exhausted.</summary>
    public IReadOnlyList<FlatMember> Of(BtfTypes types, uint id)
    {
        ref var members = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, (types, id), out var exists);
        if (exists) return members!;
        members = [];
        Add(types, types.SkipModifiers(id), members, MaxDepth);
        return members;
    }

    /// <summary>The same for what a pointer leads to.</summary>
    public IReadOnlyList<FlatMember> Through(BtfTypes types, BtfType composite)
    {
        Pointed.Add((types, composite));
        return Of(types, composite.Id);
    }

    private void Add(BtfTypes types, BtfType composite, List<FlatMember> members, int depth)
    {
        if (depth == 0 || !composite.Kind.IsComposite()) return;
        for (var i = 0; i < composite.Count && members.Count < MaxMembers; i++)
        {
            if (!work.Pay(8)) return;
            var member = types.Member(composite, i);
            var name = types.NameText(member.NameOffset);
            if (name.Length > 0) members.Add(new(name, member.TypeId));
            else Add(types, types.SkipModifiers(member.TypeId), members, depth - 1);
        }
    }
}
