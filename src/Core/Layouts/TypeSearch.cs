using System.Text;
using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>Something whose name contains the words of a search.</summary>
/// <param name="Kind">As <see cref="TypeLayout.Kind"/>, or <c>field</c> or <c>enumerator</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="In">The type of a field or enumerator: <c>struct task_struct</c>; null for the others.</param>
/// <param name="Declaration">Its C declaration; null for a type or enumerator.</param>
public sealed record TypeHit(string Kind, string Name, string? In, string? Declaration);

/// <summary>The position at which a search continues.</summary>
/// <param name="Id">The type.</param>
/// <param name="Part">0 for the type itself, 1 for its first member or enumerator, and so on.</param>
public readonly record struct SearchPlace(uint Id, int Part);

/// <summary>Searches the names of types, fields, enumerators, functions and variables of one kernel, or one module.</summary>
public sealed class TypeSearch
{
    private readonly BtfTypes _types;
    private readonly byte[] _part;
    private readonly PageLimit _page;
    private readonly List<TypeHit> _hits = [];

    private TypeSearch(BtfTypes types, byte[] part, int most) => (_types, _part, _page) = (types, part, new(most));

    /// <summary>The hits in the order of the BTF, from a position on.</summary>
    /// <param name="types">The BTF.</param>
    /// <param name="part">A part of the name.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="most">The largest number of hits; fewer are returned if their text is very long.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The hits, and where the search continues; null at the end.</returns>
    public static (IReadOnlyList<TypeHit> Hits, SearchPlace? Next) Run(
        BtfTypes types, string part, SearchPlace from, int most, CancellationToken cancellation)
    {
        var search = new TypeSearch(types, Encoding.UTF8.GetBytes(part), most);
        var first = from.Part;
        for (var id = Math.Max(from.Id, types.FirstId); id < (uint)types.Count; id++, first = 0)
        {
            if ((id & 0xfff) == 0) cancellation.ThrowIfCancellationRequested();
            if (search.Type(types[id], first) is { } next) return (search._hits, new(id, next));
        }

        return (search._hits, null);
    }

    /// <summary>Searches one type; once there are enough hits, returns the part to continue with.</summary>
    private int? Type(BtfType type, int from)
    {
        if (TypeKind.Of(type.Kind) is not { } kind) return null;
        var parts = 1 + (type.Kind.IsComposite() || type.Kind.IsAnyEnum() ? type.Count : 0);
        for (var part = from; part < parts; part++)
        {
            var name = part == 0 ? type.NameOffset
                : type.Kind.IsAnyEnum() ? _types.Enumerator(type, part - 1).NameOffset
                : _types.Member(type, part - 1).NameOffset;
            if (name == 0 || _types.Name(name).IndexOf(_part) < 0) continue;
            if (_page.IsReached) return part;
            var hit = part == 0 ? Whole(type, kind) : Part(type, part - 1, LayoutBudget.Cut(_types, name));
            _page.Count(hit.Name, hit.In, hit.Declaration);
            _hits.Add(hit);
        }

        return null;
    }

    private TypeHit Whole(BtfType type, string kind)
    {
        var name = LayoutBudget.Cut(_types, type.NameOffset);
        var isDeclared = type.Kind is BtfKind.Func or BtfKind.Var or BtfKind.Typedef;
        return new(kind, name, null, isDeclared ? CDeclaration.Of(_types, type.SizeOrType, name) : null);
    }

    private TypeHit Part(BtfType type, int index, string name)
    {
        var within = CDeclaration.Of(_types, type.Id);
        return type.Kind.IsAnyEnum()
            ? new("enumerator", name, within, null)
            : new("field", name, within, CDeclaration.Of(_types, _types.Member(type, index).TypeId, name));
    }
}
