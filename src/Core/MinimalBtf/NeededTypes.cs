using Relo.Core.Access;
using Relo.Core.Btf;

namespace Relo.Core.MinimalBtf;

/// <summary>
/// Collects the types of a kernel, and their members, that an object needs (btfgen_mark_type, btfgen_mark_type_match and
/// btfgen_record_field_relo of bpftool). Each type is visited once per way of reaching it, which bounds the work.
/// </summary>
internal sealed class NeededTypes(BtfTypes kernel)
{
    /// <summary>How a type is reached. It decides how far the types that it refers to are followed.</summary>
    [Flags]
    private enum Way : byte
    {
        None = 0,
        /// <summary>Up to the next pointer or composite.</summary>
        Alone = 1,
        /// <summary>Through pointers, up to composites, which stay empty.</summary>
        ThroughPointers = 2,
        /// <summary>With all members.</summary>
        Matching = 4,
        /// <summary>As <see cref="Matching"/>, but through a pointer, where composites stay empty.</summary>
        MatchingBehindPointer = 8,
    }

    private readonly Dictionary<uint, Way> _ways = []; // a few hundred types of a hundred thousand
    private readonly Dictionary<uint, HashSet<int>> _members = [];
    private readonly Stack<(uint Id, Way Way)> _todo = new();

    /// <summary>The ids of the needed types, ascending.</summary>
    public IEnumerable<uint> Ids => _ways.Keys.Order();

    public bool IsNeeded(BtfType composite, int member) =>
        (_ways.GetValueOrDefault(composite.Id) & Way.Matching) != 0
        || (_members.TryGetValue(composite.Id, out var members) && members.Contains(member));

    /// <summary>Adds the root of an access and, for each composite on its path, the accessed member.</summary>
    public void Field(AccessSpec target)
    {
        Alone(target.RootTypeId);
        var id = target.RootTypeId;
        foreach (var step in target.Raw.Skip(1))
        {
            var type = kernel.SkipModifiers(id);
            if (type.Kind == BtfKind.Array)
            {
                id = kernel.Array(type).ElementTypeId;
                continue;
            }
            // If the types violate C's rules, libbpf leaves dead steps in the path; see SpecMatcher.MatchMember.
            if (!type.Kind.IsComposite() || step >= type.Count) return;
            if (!_members.TryGetValue(type.Id, out var members)) _members.Add(type.Id, members = []);
            members.Add(step);
            id = kernel.Member(type, step).TypeId;
            Alone(id);
        }
    }

    /// <summary>Adds a type without the types it points to, and all of an enum.</summary>
    public void Alone(uint id) => Reach(id, Way.Alone);

    /// <summary>Adds a type and the types it points to; composites without members.</summary>
    public void Type(uint id) => Reach(id, Way.ThroughPointers);

    /// <summary>Adds a type with all its members, recursively; composites reached through pointers without members.</summary>
    public void Match(uint id) => Reach(id, Way.Matching);

    /// <summary>
    /// Adds the integer that decides the pointer width, if the width would be wrong without it. bpftool leaves it out, so libbpf assumes
    /// 8-byte pointers on a 32-bit kernel.
    /// </summary>
    public void PointerWidth()
    {
        if (_ways.Count == 0 || PointerSize.Of(kernel, Ids) == kernel.PointerSize) return;
        if (PointerSize.Deciding(kernel) is { } integer) Alone(integer.Id);
    }

    private void Reach(uint from, Way how)
    {
        for (_todo.Push((from, how)); _todo.TryPop(out var next);)
        {
            var (id, way) = next;
            var type = kernel[id];
            // Unknown kinds become void: which of their words are ids is unknown, so they cannot be copied.
            if (id == 0 || !KindLayout.IsKnown(type.Kind) || (_ways.GetValueOrDefault(id) & way) != 0) continue;
            _ways[id] = _ways.GetValueOrDefault(id) | way;
            Follow(type, way);
        }
    }

    private void Follow(BtfType type, Way way)
    {
        // At arrays and function prototypes bpftool forgets that it came through a pointer.
        var inside = way == Way.MatchingBehindPointer ? Way.Matching : way;
        switch (type.Kind)
        {
            case BtfKind.Ptr when way != Way.Alone:
                _todo.Push((type.SizeOrType, way == Way.ThroughPointers ? way : Way.MatchingBehindPointer));
                break;
            // bpftool fails at type tags; to libbpf they are modifiers.
            case BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag
                or BtfKind.Func or BtfKind.Var or BtfKind.DeclTag:
                _todo.Push((type.SizeOrType, way));
                break;
            case BtfKind.Array:
                var array = kernel.Array(type);
                _todo.Push((array.ElementTypeId, inside));
                _todo.Push((array.IndexTypeId, inside));
                break;
            case BtfKind.FuncProto:
                _todo.Push((type.SizeOrType, inside));
                for (var i = 0; i < type.Count; i++) _todo.Push((kernel.Parameter(type, i).TypeId, inside));
                break;
            case BtfKind.Struct or BtfKind.Union when way == Way.Matching:
                for (var i = 0; i < type.Count; i++) _todo.Push((kernel.Member(type, i).TypeId, way));
                break;
        }
    }
}
