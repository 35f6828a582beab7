using Relo.Core.Access;
using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>
/// Searches members by name in one candidate after another. A BTF that was not deduplicated has hundreds of structs of one name. Most have
/// members of the same names, at the same string offsets, up to the wanted one: then the result is that of the previous candidate, and no
/// name is read.
/// </summary>
internal sealed class MemberSearch
{
    // Searches of one access: an extra one for each member with a similar beginning, and for each unnamed member along the way.
    private const int MostSteps = 64;

    private AccessSpec? _access;
    private BtfTypes _types = null!;
    private Step[] _before = new Step[MostSteps], _now = new Step[MostSteps];
    private int _countBefore, _countNow;

    /// <summary>Starts the searches of an access in the next candidate.</summary>
    public void Begin(AccessSpec access, BtfTypes types)
    {
        (_before, _now) = (_now, _before);
        _countBefore = access == _access && types == _types ? _countNow : 0;
        _countNow = 0;
        (_access, _types) = (access, types);
    }

    /// <summary><see cref="BtfTypes.NextMemberLike"/> of the candidate's types.</summary>
    public int Next(BtfType type, int from, uint nameOffset, ReadOnlySpan<byte> name)
    {
        if (_countNow == MostSteps) return _types.NextMemberLike(type, from, name);
        var next = _countNow < _countBefore && IsAs(_before[_countNow], type, from, nameOffset)
            ? _before[_countNow].Next
            : _types.NextMemberLike(type, from, name);
        _now[_countNow++] = new(type, from, nameOffset, next);
        return next;
    }

    // The members up to the one that was found, or all if none was.
    private bool IsAs(Step before, BtfType type, int from, uint nameOffset)
    {
        if (before.From != from || before.NameOffset != nameOffset) return false;
        var isFound = before.Next < before.Type.Count;
        if (isFound ? type.Count <= before.Next : type.Count != before.Type.Count) return false;
        return _types.HaveSameNames(before.Type, type, from, isFound ? before.Next + 1 : before.Next);
    }

    private readonly record struct Step(BtfType Type, int From, uint NameOffset, int Next);
}
