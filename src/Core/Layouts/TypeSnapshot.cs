using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>
/// A struct or union with everything that it embeds, or another type: what <see cref="LayoutDiff"/> compares. It does not keep the
/// BTF open.
/// </summary>
public sealed class TypeSnapshot
{
    private TypeSnapshot(TypeLayout layout, string declaration) => (Layout, Declaration) = (layout, declaration);

    /// <summary>The layout.</summary>
    public TypeLayout Layout { get; }

    /// <summary>The number of members, those of embedded types included.</summary>
    public int MemberCount { get; private set; }

    /// <summary><c>struct task_struct</c>.</summary>
    internal string Declaration { get; }

    /// <summary>The members that C code can name directly: those of anonymous structs and unions are members of the outer type.</summary>
    internal List<SnapshotMember> Members { get; } = [];

    /// <summary>Reads a type; for a typedef, the type that it stands for.</summary>
    /// <exception cref="LayoutTooLargeException">It has too many members.</exception>
    public static TypeSnapshot Of(BtfTypes types, BtfType type)
    {
        var snapshot = new TypeSnapshot(LayoutReader.Read(types, type), CDeclaration.Of(types, type.Id));
        var reader = new Reader(types);
        reader.Read(types.SkipModifiers(type.Id), snapshot, depth: 0);
        snapshot.MemberCount = reader.Members;
        return snapshot;
    }

    private sealed class Reader(BtfTypes types)
    {
        private const int MaxDepth = 32;

        private readonly LayoutBudget _budget = new();
        private readonly Dictionary<uint, TypeSnapshot> _known = [];

        public int Members { get; private set; }

        public void Read(BtfType type, TypeSnapshot into, int depth)
        {
            _known.TryAdd(type.Id, into); // untrusted BTF may embed a struct in itself
            MemberWalk.Run(types, type, MayRead, (member, at) => into.Members.Add(new(Placed(member, at), Embedded(member.TypeId, depth))));
        }

        private bool MayRead(int count)
        {
            Members += count;
            _budget.Members(count);
            return true;
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
