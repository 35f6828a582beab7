using System.Text;
using Relo.Core.Btf;

namespace Relo.Core.Checks;

/// <summary>The struct that a program declares for its context, and its fields.</summary>
internal static class ContextStruct
{
    // The largest record of a tracepoint has a few dozen fields.
    private const int MaxFields = 1024;

    /// <summary>The struct of <c>int program(struct x *ctx)</c>; null if the object's BTF names none.</summary>
    public static BtfType? Of(BtfTypes types, string program)
    {
        if (types.Symbols.Find(Encoding.UTF8.GetBytes(program)) is not { Kind: BtfKind.Func } function) return null;
        if (types[function.SizeOrType] is not { Kind: BtfKind.FuncProto, Count: > 0 } prototype) return null;
        var pointer = types.SkipModifiers(types.Parameter(prototype, 0).TypeId);
        return pointer.Kind == BtfKind.Ptr && types.SkipModifiers(pointer.SizeOrType) is { Kind: BtfKind.Struct } context ? context : null;
    }

    /// <summary>The named field of a struct that has a byte in it, and where it starts; null if there is none.</summary>
    public static (string Name, long Offset)? FieldAt(BtfTypes types, BtfType context, int at)
    {
        foreach (var field in Fields(types, context))
            if (at >= field.Offset && at - field.Offset < types.SizeOf(field.Type)) return (field.Name, field.Offset);
        return null;
    }

    /// <summary>Where a field starts; null if the struct has none of this name.</summary>
    public static long? OffsetOf(BtfTypes types, BtfType context, string name)
    {
        foreach (var field in Fields(types, context))
            if (field.Name == name) return field.Offset;
        return null;
    }

    private static IEnumerable<(string Name, long Offset, uint Type)> Fields(BtfTypes types, BtfType context)
    {
        for (var i = 0; i < Math.Min(context.Count, MaxFields); i++)
        {
            var member = types.Member(context, i);
            if (member is { NameOffset: not 0, BitfieldBits: 0 })
                yield return (types.NameText(member.NameOffset), member.BitOffset / 8, member.TypeId);
        }
    }
}
