using System.Globalization;
using Relo.Core.Btf;

namespace Relo.Conformance.MinimalBtf;

/// <summary>
/// Every word of a type in text, names spelled out: what two BTF with the same content have in common, however their strings are ordered.
/// </summary>
public static class TypeText
{
    public static IEnumerable<string> All(BtfTypes types)
    {
        for (var id = 1u; id < (uint)types.Count; id++) yield return Of(types, types[id]);
    }

    private static string Of(BtfTypes types, BtfType type)
    {
        var head = string.Create(CultureInfo.InvariantCulture,
            $"[{type.Id}] {type.Kind} '{types.NameText(type.NameOffset)}' info 0x{type.Info:x8} size/type {type.SizeOrType}");
        return $"{head} {string.Join(", ", Behind(types, type))}";
    }

    private static IEnumerable<string> Behind(BtfTypes types, BtfType type)
    {
        var elements = Enumerable.Range(0, type.Count);
        return type.Kind switch
        {
            BtfKind.Int => [$"{types.Int(type).Raw:x}"],
            BtfKind.Array => [$"{types.Array(type)}"],
            BtfKind.Struct or BtfKind.Union => elements.Select(i => types.Member(type, i))
                .Select(m => $"{types.NameText(m.NameOffset)} {m.TypeId} {m.BitOffset}:{m.BitfieldBits}"),
            BtfKind.Enum or BtfKind.Enum64 =>
                elements.Select(i => types.Enumerator(type, i)).Select(e => $"{types.NameText(e.NameOffset)}={e.Value}"),
            BtfKind.FuncProto => elements.Select(i => types.Parameter(type, i)).Select(p => $"{types.NameText(p.NameOffset)} {p.TypeId}"),
            BtfKind.Ptr or BtfKind.Fwd or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.Float => [],
            _ => throw new NotSupportedException($"bpftool writes no {type.Kind} into minimal BTF"),
        };
    }
}
