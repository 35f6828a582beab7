using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Core.Proposals;

/// <summary>Compares the struct that has a member with the kernel's, which lacks it.</summary>
internal sealed class StructComparison
{
    private const string Renamed = "renamed", Split = "split", MovedInto = "moved-into", MovedTo = "moved-to";

    private readonly FlatMembers _members;
    private readonly FieldEvidence _known;
    private readonly IReadOnlyList<FlatMember> _old, _now;
    private readonly HashSet<string> _oldNames;
    private readonly FlatMember _lost;
    private readonly BtfTypes _types;
    private readonly WorkBudget _work;
    private readonly int _after, _before;

    public StructComparison(
        FlatMembers members, FieldEvidence known, int accessor, string name, BtfTypes types, uint compositeId, WorkBudget work)
    {
        (_members, _known, _types, _work) = (members, known, types, work);
        (_old, _now) = (members.Of(known.Access.Types, known.CompositeAt(accessor)), members.Of(types, compositeId));
        _oldNames = _old.Select(member => member.Name).ToHashSet(StringComparer.Ordinal);
        var lost = Enumerable.Range(0, _old.Count).Where(i => _old[i].Name == name).DefaultIfEmpty(-1).First();
        if (!work.Pay(_old.Count + _now.Count) || lost < 0) return;
        _lost = _old[lost];
        // The nearest members on either side that both have: what replaced it is likely to be between them.
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _now.Count; i++) places.TryAdd(_now[i].Name, i);
        _after = FirstPlace(_old.Take(lost).Reverse());
        _before = FirstPlace(_old.Skip(lost + 1));

        int FirstPlace(IEnumerable<FlatMember> members) =>
            members.Select(member => places.GetValueOrDefault(member.Name, -1)).FirstOrDefault(place => place >= 0, -1);
    }

    /// <summary>Everything that may have replaced it.</summary>
    public IEnumerable<FieldProposal> Find()
    {
        if (_lost.Name is null) return [];
        var renamed = Enumerable.Range(0, _now.Count).Select(OfMember).OfType<FieldProposal>().ToList();
        // The members of all structs that it points to are many, and no match there is better than this.
        return renamed.Exists(proposal => MemberKinship.OfNames(_lost.Name, proposal.Path) == MemberKinship.SameName)
            ? renamed
            : renamed.Concat(_now.SelectMany(InMember));
    }

    private FieldProposal? OfMember(int index)
    {
        var now = _now[index];
        if (!_work.Pay() || _oldNames.Contains(now.Name)) return null;
        var names = MemberKinship.OfNames(_lost.Name, now.Name);
        var isBetween = _after >= 0 && _before >= 0 && index > _after && index < _before;
        if (names == 0 && !isBetween) return null;
        var types = MemberKinship.OfTypes(_known.Access.Types, _lost.TypeId, _types, now.TypeId, _work);
        var isSplit = types == 0 && now.Name.StartsWith(_lost.Name + "_", StringComparison.Ordinal);
        if (types == 0 && !isSplit) return null;
        // Without a word in common, only the same type between the same members counts.
        if (names == 0 && types < MemberKinship.SameType) return null;
        var place = isBetween ? $" between {_now[_after].Name} and {_now[_before].Name}" : "";
        return new(isSplit ? Split : Renamed, now.Name, CDeclaration.Of(_types, now.TypeId),
            $"the kernel's struct has {now.Name} ({CDeclaration.Of(_types, now.TypeId)}){place}; "
            + $"that of {_known.Source} has {_lost.Name} ({OldType()}){(isBetween ? " there" : "")}")
        {
            Instead = _lost.Name,
            Weight = (names * 4) + (isBetween ? 4 : 0) + (types * 2) + 1,
        };
    }

    /// <summary>Members of the struct that a member is, or points to.</summary>
    private IEnumerable<FieldProposal> InMember(FlatMember outer)
    {
        if (!_work.Pay()) yield break;
        var type = _types.SkipModifiers(outer.TypeId);
        var isPointer = type.Kind == BtfKind.Ptr;
        var inner = isPointer ? _types.SkipModifiers(type.SizeOrType) : type;
        if (!inner.Kind.IsComposite() || _types.NameEquals(inner.NameOffset, default)) yield break;
        foreach (var now in isPointer ? _members.Through(_types, inner) : _members.Of(_types, inner.Id))
        {
            if (!_work.Pay()) yield break;
            var names = now.Name == _lost.Name ? MemberKinship.SameName : MemberKinship.OfNames(_lost.Name, now.Name);
            if (names == 0) continue;
            var types = MemberKinship.OfTypes(_known.Access.Types, _lost.TypeId, _types, now.TypeId, _work);
            if (types < MemberKinship.SameType) continue;
            // Many structs have an int called state or flags, so only a named type is evidence.
            if (!IsTelling(now.TypeId) && (isPointer || now.Name != _lost.Name || _oldNames.Contains(outer.Name))) continue;
            var path = $"{outer.Name}{(isPointer ? "->" : ".")}{now.Name}";
            yield return new(isPointer ? MovedTo : MovedInto, path, CDeclaration.Of(_types, now.TypeId),
                $"{CDeclaration.Of(_types, inner.Id)}, which the kernel's struct {(isPointer ? "points to" : "contains")} as {outer.Name}, "
                + $"has {now.Name} of the type that {_lost.Name} has in {_known.Source} ({OldType()})")
            {
                Instead = _lost.Name,
                Weight = (names * 4) + (MemberKinship.SameType * 2) + (_oldNames.Contains(outer.Name) ? 0 : 2) - (isPointer ? 2 : 0),
                Through = CDeclaration.Of(_types, inner.Id),
            };
        }
    }

    private bool IsTelling(uint id)
    {
        var type = _types.SkipModifiers(id);
        if (type.Kind == BtfKind.Ptr) type = _types.SkipModifiers(type.SizeOrType);
        return (type.Kind.IsComposite() || type.Kind is BtfKind.Fwd or BtfKind.Enum or BtfKind.Enum64)
            && !_types.NameEquals(type.NameOffset, default);
    }

    private string OldType() => CDeclaration.Of(_known.Access.Types, _lost.TypeId);
}
