using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>Something that is declared with a type.</summary>
/// <param name="In">Its kind and name: the struct or union of a member, a function, a variable or a typedef.</param>
/// <param name="Member">The member; null for the others.</param>
/// <param name="Declaration">The C declaration of the member, function, variable or typedef.</param>
public sealed record TypeUse(string In, string? Member, string Declaration);

/// <summary>
/// Finds what is declared with a type, as itself, as a pointer or as an array: members, functions that take or return it, variables and
/// typedefs.
/// </summary>
public sealed class TypeUses
{
    // In untrusted BTF, chains of pointers and qualifiers may be endless.
    private const int MaxChain = 32;

    private readonly BtfTypes _types;
    private readonly uint _wanted;
    private readonly PageLimit _page;
    private readonly List<TypeUse> _uses = [];

    private TypeUses(BtfTypes types, uint wanted, int most) => (_types, _wanted, _page) = (types, wanted, new(most));

    /// <summary>The uses in the order of the BTF, from a position on.</summary>
    /// <param name="types">The BTF.</param>
    /// <param name="wanted">The type.</param>
    /// <param name="from">Where to begin; part 0 is the first member.</param>
    /// <param name="most">The largest number of uses; fewer are returned if their text is very long.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The uses, and where the search continues; null at the end.</returns>
    public static (IReadOnlyList<TypeUse> Uses, SearchPlace? Next) Find(
        BtfTypes types, uint wanted, SearchPlace from, int most, CancellationToken cancellation)
    {
        var search = new TypeUses(types, wanted, most);
        var first = from.Part;
        for (var id = Math.Max(from.Id, types.FirstId); id < (uint)types.Count; id++, first = 0)
        {
            cancellation.ThrowIfCancellationRequested(); // for each: a single function may have a million parameters
            if (search.Type(types[id], first) is { } next) return (search._uses, new(id, next));
        }

        return (search._uses, null);
    }

    /// <summary>Searches one type; once there are enough uses, returns the part to continue with.</summary>
    private int? Type(BtfType type, int from)
    {
        if (type.Kind.IsComposite()) return Members(type, from);
        if (type.Kind is not (BtfKind.Func or BtfKind.Var or BtfKind.Typedef) || type.NameOffset == 0 || !IsDeclaredWith(type)) return null;
        if (_page.IsReached) return 0;
        var name = LayoutBudget.Cut(_types, type.NameOffset);
        Add(new($"{TypeKind.Of(type.Kind)} {name}", null, CDeclaration.Of(_types, type.SizeOrType, name)));
        return null;
    }

    private int? Members(BtfType type, int from)
    {
        for (var part = from; part < type.Count; part++)
        {
            var member = _types.Member(type, part);
            if (!IsOf(member.TypeId)) continue;
            if (_page.IsReached) return part;
            var name = member.NameOffset == 0 ? null : LayoutBudget.Cut(_types, member.NameOffset);
            Add(new(CDeclaration.Of(_types, type.Id), name, CDeclaration.Of(_types, member.TypeId, name ?? "")));
        }

        return null;
    }

    private void Add(TypeUse use)
    {
        _page.Count(use.In, use.Member, use.Declaration);
        _uses.Add(use);
    }

    private bool IsDeclaredWith(BtfType type)
    {
        if (type.Kind != BtfKind.Func) return IsOf(type.SizeOrType);
        var prototype = _types[type.SizeOrType];
        if (prototype.Kind != BtfKind.FuncProto) return false;
        if (IsOf(prototype.SizeOrType)) return true;
        for (var i = 0; i < prototype.Count; i++) if (IsOf(_types.Parameter(prototype, i).TypeId)) return true;
        return false;
    }

    // Past pointers, arrays and qualifiers.
    private bool IsOf(uint id)
    {
        for (var steps = 0; steps < MaxChain; steps++)
        {
            if (id == _wanted) return true;
            var type = _types[id];
            if (type.Kind == BtfKind.Array) id = _types.Array(type).ElementTypeId;
            else if (type.Kind == BtfKind.Ptr || (type.Kind.IsModifierOrTypedef() && type.Kind != BtfKind.Typedef)) id = type.SizeOrType;
            else return false;
        }

        return false;
    }
}
