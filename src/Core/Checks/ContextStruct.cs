using System.Text;
using Relo.Core.Btf;

namespace Relo.Core.Checks;

/// <summary>The struct that a program declares for its context, and its fields.</summary>
internal static class ContextStruct
{
    // The largest record of a tracepoint has a few dozen fields.
    private const int MaxFields = 256;

    /// <summary>The struct of <c>int program(struct x *ctx)</c>; null if the object's BTF names none.</summary>
    public static BtfType? Of(BtfTypes types, string program)
    {
        if (types.Symbols.Find(Encoding.UTF8.GetBytes(program)) is not { Kind: BtfKind.Func } function) return null;
        if (types[function.SizeOrType] is not { Kind: BtfKind.FuncProto, Count: > 0 } prototype) return null;
        var pointer = types.SkipModifiers(types.Parameter(prototype, 0).TypeId);
        return pointer.Kind == BtfKind.Ptr && types.SkipModifiers(pointer.SizeOrType) is { Kind: BtfKind.Struct } context ? context : null;
    }

    /// <summary>The named fields of a struct, without bit-fields.</summary>
    public static IEnumerable<BtfMember> Fields(BtfTypes types, BtfType context)
    {
        for (var i = 0; i < Math.Min(context.Count, MaxFields); i++)
            if (types.Member(context, i) is { NameOffset: not 0, BitfieldBits: 0 } member) yield return member;
    }

    /// <summary>Where a field starts, in bytes; null if the struct has none of this name.</summary>
    public static int? OffsetOf(BtfTypes types, BtfType context, ReadOnlySpan<byte> name)
    {
        foreach (var field in Fields(types, context))
            if (types.NameEquals(field.NameOffset, name)) return OffsetOf(field);
        return null;
    }

    /// <summary>Where a field starts, in bytes.</summary>
    public static int OffsetOf(BtfMember field) => (int)(field.BitOffset / 8);
}
