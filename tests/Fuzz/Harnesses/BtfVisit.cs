using Relo.Core.Btf;

namespace Relo.Fuzz.Harnesses;

/// <summary>Calls everything on opened BTF: all data that the reader accepted must be usable.</summary>
internal static class BtfVisit
{
    public static void All(BtfTypes types)
    {
        for (var id = 0u; id < (uint)types.Count; id++)
        {
            var type = types[id];
            Name(types, type.NameOffset);
            types.SkipModifiers(id);
            types.SizeOf(id);
            Inside(types, type);
            if (NameIndex.Covers(type.Kind)) types.Index.Bucket(NameIndex.Hash(EssentialName.Of(types.Name(type.NameOffset))));
        }
    }

    private static void Inside(BtfTypes types, BtfType type)
    {
        switch (type.Kind)
        {
            case BtfKind.Int:
                _ = types.Int(type).Encoding;
                break;
            case BtfKind.Array:
                _ = types[types.Array(type).ElementTypeId];
                _ = types[types.Array(type).IndexTypeId];
                break;
            case BtfKind.Struct or BtfKind.Union:
                for (var i = 0; i < type.Count; i++)
                {
                    Name(types, types.Member(type, i).NameOffset);
                    _ = types[types.Member(type, i).TypeId];
                }
                break;
            case BtfKind.Enum or BtfKind.Enum64:
                for (var i = 0; i < type.Count; i++) Name(types, types.Enumerator(type, i).NameOffset);
                break;
            case BtfKind.FuncProto:
                for (var i = 0; i < type.Count; i++)
                {
                    Name(types, types.Parameter(type, i).NameOffset);
                    _ = types[types.Parameter(type, i).TypeId];
                }
                break;
            case BtfKind.DataSec:
                for (var i = 0; i < type.Count; i++) _ = types[types.DataSecEntry(type, i)];
                break;
        }
    }

    private static void Name(BtfTypes types, uint offset)
    {
        var name = types.Name(offset);
        Objects.Must(types.NameEquals(offset, name), "a name is not equal to itself");
        Objects.Must(types.EssentialNameEquals(offset, EssentialName.Of(name)), "an essential name is not that of its name");
    }
}
