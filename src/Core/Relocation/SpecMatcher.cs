using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;

namespace Relo.Core.Relocation;

/// <summary>Finds a local access in a candidate type (bpf_core_spec_match of libbpf).</summary>
internal sealed class SpecMatcher(WorkBudget work)
{
    /// <summary>The measured cost of a candidate besides its members: to start, to reach its memory, and to compute its value.</summary>
    private const int StepsPerCandidate = 16;

    private readonly WorkBudget _work = work;
    private readonly MemberSearch _search = new();
    private TypeMatcher? _typeMatcher;
    private TypeCompat? _typeCompat;

    /// <summary>Types of unnamed members known to lack the member, with the length of the access when they were searched.</summary>
    private readonly Dictionary<uint, int> _lacking = [];

    /// <summary>The access in the last candidate, up to the step that failed.</summary>
    public TargetSpec Target { get; } = new();

    /// <summary>The reason why the last one had no target.</summary>
    public Miss Miss { get; private set; }

    /// <returns>1, 0, or a negative errno.</returns>
    public int Match(AccessSpec local, BtfTypes types, uint candidateId)
    {
        if (!_work.Pay(StepsPerCandidate)) return Errno.Budget;
        Target.Begin(types, candidateId, local.Kind);
        _search.Begin(local, types);
        Miss = Miss.None;
        if (local.Kind == CoreReloKind.TypeMatches)
            return Missed(MatcherOf(local.Types, types).Match(local.RootTypeId, candidateId), Miss.IncompatibleType);
        if (local.Kind.IsTypeBased())
            return Missed(CompatOf(local.Types, types).Are(local.RootTypeId, candidateId), Miss.IncompatibleType);
        return local.Kind.IsEnumBased() ? MatchEnumerator(local, types, candidateId) : MatchField(local, types, candidateId);
    }

    private TypeMatcher MatcherOf(BtfTypes local, BtfTypes target) =>
        _typeMatcher is { } last && last.IsOf(local, target) ? last : _typeMatcher = new(local, target, _work);

    private TypeCompat CompatOf(BtfTypes local, BtfTypes target) =>
        _typeCompat is { } last && last.IsOf(local, target) ? last : _typeCompat = new(local, target, _work);

    private int MatchEnumerator(AccessSpec local, BtfTypes types, uint candidateId)
    {
        var type = _work.SkipModifiers(types, candidateId);
        if (!type.Kind.IsAnyEnum()) return Missed(0, Miss.IncompatibleType);
        var name = _work.EssentialNameOf(local.Types, local.Accessors[0].NameOffset);
        for (var i = 0; i < type.Count; i++)
        {
            if (!_work.Pay()) return Errno.Budget;
            var candidate = types.Enumerator(type, i).NameOffset;
            if (!_work.EssentialNameEquals(types, candidate, name)) continue;
            Target.Push(new(type.Id, i, candidate));
            Target.PushRaw(i);
            return 1;
        }
        return Missed(0, Miss.NoEnumerator);
    }

    private int MatchField(AccessSpec local, BtfTypes types, uint targetId)
    {
        for (var i = 0; i < local.Accessors.Length; i++)
        {
            var accessor = local.Accessors[i];
            var type = _work.SkipModifiers(types, targetId);
            if (accessor.IsNamed)
            {
                var member = local.Types.Member(local.Types[accessor.TypeId], accessor.Index);
                _lacking.Clear();
                var found = MatchMember(local.Types, member, types, type.Id, isUnnamed: false, out var next);
                if (found <= 0) return found == 0 && Miss == Miss.None ? Missed(0, Miss.NoField) : found;
                targetId = next;
                continue;
            }
            // The first accessor is the pointer to the root; the others index arrays.
            targetId = type.Id;
            if (i > 0)
            {
                if (type.Kind != BtfKind.Array) return Missed(0, Miss.NoElement);
                var array = types.Array(type);
                if (!FlexibleArray.Is(types, Target.Last, array) && (uint)accessor.Index >= array.Length) return Missed(0, Miss.NoElement);
                targetId = _work.SkipModifiers(types, array.ElementTypeId).Id;
            }
            if (Target.IsFull) return Errno.E2Big;
            Target.Push(new(targetId, accessor.Index, 0));
            Target.PushRaw(accessor.Index);
            // libbpf keeps this size in a signed 32-bit integer.
            var size = unchecked((int)types.SizeOf(targetId));
            if (size < 0) return size;
            Target.BitOffset = unchecked(Target.BitOffset + (uint)(accessor.Index * size * 8));
        }
        return 1;
    }

    /// <summary>
    /// Finds a member by name, in declaration order, searching unnamed structs and unions in place (bpf_core_match_member).
    /// The first of that name decides: if its type is incompatible the search ends.
    /// </summary>
    private int MatchMember(BtfTypes localTypes, BtfMember local, BtfTypes types, uint targetId, bool isUnnamed, out uint nextId)
    {
        nextId = 0;
        var type = _work.SkipModifiers(types, targetId);
        if (!type.Kind.IsComposite()) return 0;
        var name = _work.Name(localTypes, local.NameOffset);
        for (int i = 0, next; i < type.Count; i = next + 1)
        {
            if (Target.IsFull) return Errno.E2Big;
            next = _search.Next(type, i, local.NameOffset, name);
            if (!_work.Pay(next - i + 1)) return Errno.Budget;
            if (next == type.Count) break;
            var member = types.Member(type, next);
            Target.BitOffset = unchecked(Target.BitOffset + member.BitOffset);
            Target.PushRaw(next);
            if (types.NameEquals(member.NameOffset, default))
            {
                var found = isUnnamed
                    ? MatchNested(localTypes, local, types, member.TypeId, out nextId)
                    : MatchMember(localTypes, local, types, member.TypeId, isUnnamed: true, out nextId);
                if (found != 0) return found;
            }
            else if (_work.NameEquals(types, member.NameOffset, name))
            {
                Target.Push(new(type.Id, next, member.NameOffset));
                nextId = member.TypeId;
                if (FieldCompat.Are(localTypes, local.TypeId, types, member.TypeId, _work)) return 1;
                Target.Pop();
                // libbpf returns here without removing the step; inside an unnamed member the search continues with
                // that step and its offset still counted. It takes two members of one name, which C forbids.
                return Missed(0, Miss.IncompatibleField);
            }
            Target.BitOffset = unchecked(Target.BitOffset - member.BitOffset);
            Target.PopRaw();
        }
        return 0;
    }

    /// <summary>
    /// Searches the type of a nested unnamed member only once: otherwise two unnamed members of one type on each level
    /// cost 2 to the power of the levels. A search without a result changes nothing and depends only on the number of steps left, so
    /// it also fails with more steps left.
    /// </summary>
    private int MatchNested(BtfTypes localTypes, BtfMember local, BtfTypes types, uint targetId, out uint nextId)
    {
        nextId = 0;
        var steps = Target.RawLength;
        if (_lacking.TryGetValue(targetId, out var searched) && steps <= searched) return 0;
        if (!_work.PayToKeep(1)) return Errno.Budget;
        var found = MatchMember(localTypes, local, types, targetId, isUnnamed: true, out nextId);
        // A member of an incompatible type leaves its step behind.
        if (found == 0 && Target.RawLength == steps) _lacking[targetId] = steps;
        return found;
    }

    private int Missed(int result, Miss miss)
    {
        if (result == 0) Miss = miss;
        return result;
    }
}
