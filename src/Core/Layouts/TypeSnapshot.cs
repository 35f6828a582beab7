using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>
/// A struct or union with everything that it embeds, or an enum: what <see cref="LayoutDiff"/> compares. It does not keep the BTF open.
/// </summary>
public sealed class TypeSnapshot
{
    private TypeSnapshot(TypeLayout layout, string declaration) => (Layout, Declaration) = (layout, declaration);

    /// <summary>The layout.</summary>
    public TypeLayout Layout { get; }

    /// <summary><c>struct task_struct</c>.</summary>
    internal string Declaration { get; }

    /// <summary>The members that C code can name directly: those of anonymous structs and unions are members of the outer type.</summary>
    internal List<SnapshotMember> Members { get; } = [];

    /// <summary>Reads it.</summary>
    /// <exception cref="LayoutTooLargeException">It has too many members.</exception>
    public static TypeSnapshot Of(BtfTypes types, BtfType type)
    {
        var snapshot = new TypeSnapshot(LayoutReader.Read(types, type), CDeclaration.Of(types, type.Id));
        if (type.Kind.IsComposite()) new Reader(types).Read(type, snapshot, depth: 0);
        return snapshot;
    }

    private sealed class Reader(BtfTypes types)
    {
        private const int MaxDepth = 32;

        private readonly LayoutBudget _budget = new();
        private readonly Dictionary<uint, TypeSnapshot> _known = [];

        public void Read(BtfType type, TypeSnapshot into, int depth)
        {
            _known.TryAdd(type.Id, into); // BTF of strangers may embed a struct in itself
            Add(type, 0, into, depth);
        }

        private void Add(BtfType type, long start, TypeSnapshot into, int depth)
        {
            _budget.Members(type.Count);
            for (var i = 0; i < type.Count; i++)
            {
                var member = types.Member(type, i);
                var at = start + member.BitOffset;
                if (member.NameOffset != 0) into.Members.Add(new(Placed(member, at), Embedded(member.TypeId, depth)));
                else if (types[member.TypeId] is var inner && inner.Kind.IsComposite() && depth < MaxDepth) Add(inner, at, into, depth + 1);
            }
        }

        private TypeSnapshot? Embedded(uint typeId, int depth)
        {
            var type = types.SkipModifiers(typeId);
            if (!type.Kind.IsComposite() || depth >= MaxDepth) return null;
            if (_known.TryGetValue(type.Id, out var known)) return known;
            var name = CDeclaration.Of(types, type.Id);
            var snapshot = new TypeSnapshot(new(NamedTypes.KindOf(type), name, null, type.SizeOrType), name);
            Read(type, snapshot, depth + 1);
            return snapshot;
        }

        private PlacedMember Placed(BtfMember member, long at)
        {
            var (name, type) = (_budget.Name(types, member.NameOffset), _budget.Declaration(types, member.TypeId));
            var place = MemberPlace.Of(types, member, at);
            return new(name, type, place.OffsetBytes, place.SizeBytes, place.BitOffset, place.BitSize);
        }
    }
}

/// <summary>A member, and the type that it embeds if that is a struct or union.</summary>
internal sealed record SnapshotMember(PlacedMember Placed, TypeSnapshot? Embedded);
