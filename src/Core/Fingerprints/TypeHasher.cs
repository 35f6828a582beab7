using Relo.Core.Btf;

namespace Relo.Core.Fingerprints;

/// <summary>
/// The fingerprints of the types of one BTF: everything that CO-RE and the reports read of a type, and no id. Each is computed once.
/// <code>
/// int, float             name, size, encoding
/// struct, union          name, size, and for each member its name, bit offset, bit-field size, and its type in full
/// enum                   name, size, sign, and the name and value of each enumerator: in full after a pointer too, since
///                        type-matches compares them there
/// forward declaration    name, struct or union
/// pointer                the pointer size of the BTF, and its target; named structs and unions after it count by kind and name
/// array                  length, and the type of its elements
/// const, typedef, tag    the kind, the name if it has one, and its type
/// function prototype     name and type of each parameter, and the type of the result
/// </code>
/// Names are whole, with their flavour. The types that a type contains count by their own fingerprints.
/// </summary>
/// <param name="types">The types.</param>
/// <param name="ofBase">The fingerprints of the base of split BTF.</param>
internal sealed class TypeHasher(BtfTypes types, TypeHasher? ofBase)
{
    // Real types are nested less than 30 deep. BTF may contain itself, where C may not.
    private const int MaxDepth = 512;

    private const byte NameOnly = 0x80; // no kind has this bit
    private const ulong Void = 1;

    private readonly ulong[] _whole = new ulong[types.Count - (int)types.FirstId];
    private readonly ulong[] _pointed = new ulong[types.Count - (int)types.FirstId];
    private readonly LayoutBytes _bytes = ofBase?._bytes ?? new();
    private int _depth;

    /// <summary>Whether some type is nested more than any real one or contains itself: then no fingerprint is valid.</summary>
    public bool IsTooDeep { get; private set; }

    /// <summary>The fingerprint of a type.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="isPointed">Whether a pointer leads to it.</param>
    public ulong Of(uint id, bool isPointed = false)
    {
        if (id < types.FirstId) return id == 0 ? Void : OfBase(id, isPointed);
        var known = isPointed ? _pointed : _whole;
        ref var value = ref known[id - types.FirstId];
        if (value != 0 || IsTooDeep) return value;
        IsTooDeep |= ++_depth > MaxDepth;
        if (!IsTooDeep) value = Hash(types[id], isPointed);
        _depth--;
        return value;
    }

    private ulong OfBase(uint id, bool isPointed)
    {
        var value = ofBase!.Of(id, isPointed);
        IsTooDeep |= ofBase.IsTooDeep;
        return value;
    }

    private ulong Hash(BtfType type, bool isPointed)
    {
        var start = _bytes.Length;
        var name = types.Name(type.NameOffset);
        var isNameOnly = isPointed && type.Kind.IsComposite() && !name.IsEmpty;
        _bytes.Add((byte)((byte)type.Kind | (isNameOnly ? NameOnly : 0)));
        _bytes.Add(name);
        if (!isNameOnly) Body(type, isPointed);
        return _bytes.Take(start).Value;
    }

    private void Body(BtfType type, bool isPointed)
    {
        switch (type.Kind)
        {
            case BtfKind.Int:
                _bytes.Add(type.SizeOrType);
                _bytes.Add(types.Int(type).Raw);
                break;
            case BtfKind.Struct or BtfKind.Union:
                Members(type, isPointed);
                break;
            case BtfKind.Enum or BtfKind.Enum64:
                Enumerators(type);
                break;
            case BtfKind.Fwd:
                _bytes.Add(type.KindFlag ? 1u : 0);
                break;
            case BtfKind.Ptr:
                _bytes.Add((uint)types.PointerSize);
                _bytes.Add(Of(type.SizeOrType, isPointed: true));
                break;
            case BtfKind.Array:
                var array = types.Array(type);
                _bytes.Add(array.Length);
                _bytes.Add(Of(array.ElementTypeId, isPointed));
                break;
            case BtfKind.FuncProto:
                _bytes.Add((uint)type.Count);
                for (var i = 0; i < type.Count; i++)
                {
                    _bytes.Add(types.Name(types.Parameter(type, i).NameOffset));
                    _bytes.Add(Of(types.Parameter(type, i).TypeId, isPointed));
                }
                _bytes.Add(Of(type.SizeOrType, isPointed));
                break;
            case BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag
                or BtfKind.Func or BtfKind.Var or BtfKind.DeclTag:
                _bytes.Add(Of(type.SizeOrType, isPointed));
                break;
            default: // A number of bytes, or a kind that nothing here reads.
                _bytes.Add(type.Info);
                _bytes.Add(type.SizeOrType);
                break;
        }
    }

    private void Members(BtfType type, bool isPointed)
    {
        _bytes.Add(type.SizeOrType);
        _bytes.Add((uint)type.Count);
        for (var i = 0; i < type.Count; i++)
        {
            var member = types.Member(type, i);
            _bytes.Add(types.Name(member.NameOffset));
            _bytes.Add(member.BitOffset);
            _bytes.Add(member.BitfieldBits);
            _bytes.Add(Of(member.TypeId, isPointed));
        }
    }

    private void Enumerators(BtfType type)
    {
        _bytes.Add(type.SizeOrType);
        _bytes.Add(type.KindFlag ? 1u : 0);
        _bytes.Add((uint)type.Count);
        for (var i = 0; i < type.Count; i++)
        {
            var one = types.Enumerator(type, i);
            _bytes.Add(types.Name(one.NameOffset));
            _bytes.Add(one.Value);
        }
    }
}
