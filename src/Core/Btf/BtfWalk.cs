using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>The two walks that all CO-RE rules start from.</summary>
public static class BtfWalk
{
    /// <summary>MAX_RESOLVE_DEPTH of libbpf's btf.c.</summary>
    private const int MaxResolveDepth = 32;

    /// <summary>
    /// More steps than any chain of modifiers, typedefs and arrays that <see cref="BtfReader"/> accepts, a module's chain into its
    /// kernel included.
    /// </summary>
    private const int MaxSteps = 4096;

    /// <summary>
    /// Follows const, volatile, restrict, type tags and typedefs to the type they stand for (skip_mods_and_typedefs). It ends, because
    /// <see cref="BtfReader"/> refuses cycles and over-long chains of them, on which libbpf would loop.
    /// </summary>
    public static BtfType SkipModifiers(this BtfTypes types, uint id)
    {
        var type = types[id];
        for (var step = 0; type.Kind.IsModifierOrTypedef(); step++) type = types[Next(type.SizeOrType, step)];
        return type;
    }

    /// <summary>
    /// The next id of a walk that ends only because the types were checked. A file damaged after it was indexed must not cause
    /// an endless loop.
    /// </summary>
    /// <exception cref="MalformedObjectException">The walk is longer than any in checked types.</exception>
    internal static uint Next(uint id, int step) => step < MaxSteps
        ? id
        : throw new MalformedObjectException(MalformedObjectException.InvalidBtf, ".BTF", 0,
            $"type {id} is in a chain of {MaxSteps} modifiers, typedefs and arrays: the bytes are not those that were checked");

    /// <summary>
    /// Size in bytes, as btf__resolve_size: 32 steps at most, <see cref="Errno.EInval"/> for types without a size,
    /// <see cref="Errno.E2Big"/> for arrays over 4 GiB.
    /// </summary>
    /// <returns>The size, or a negative errno.</returns>
    public static long SizeOf(this BtfTypes types, uint id)
    {
        long size = -1;
        ulong elements = 1;
        for (var step = 0; step < MaxResolveDepth && id != 0 && size < 0; step++)
        {
            var type = types[id];
            switch (type.Kind)
            {
                case BtfKind.Int or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.DataSec or BtfKind.Float:
                    size = type.SizeOrType;
                    break;
                case BtfKind.Ptr:
                    size = types.PointerSize;
                    break;
                case BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict
                    or BtfKind.Var or BtfKind.DeclTag or BtfKind.TypeTag:
                    id = type.SizeOrType;
                    break;
                case BtfKind.Array:
                    var array = types.Array(type);
                    if (elements * array.Length > uint.MaxValue) return Errno.E2Big;
                    elements *= array.Length;
                    id = array.ElementTypeId;
                    break;
                default:
                    return Errno.EInval;
            }
        }
        if (size < 0) return Errno.EInval;
        return elements != 0 && (ulong)size > uint.MaxValue / elements ? Errno.E2Big : (long)(elements * (ulong)size);
    }
}
