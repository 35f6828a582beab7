using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.Objects;

/// <summary>
/// Reads a map definition in BTF. The definition is a struct whose members are pointers: numbers are the lengths of the arrays they
/// point to, types are the types they point to (parse_btf_map_def of libbpf).
/// <code>
/// struct { int (*type)[1]; int (*max_entries)[10240]; u32 *key; struct event *value; } exec SEC(".maps");
///              BPF_MAP_TYPE_HASH
/// </code>
/// </summary>
internal static class BtfMap
{
    /// <summary>libbpf knows 13 members; a definition with thousands is hostile.</summary>
    private const int MaxMembers = 64;

    public static MapReport Read(BtfTypes types, BtfType variable)
    {
        var name = types.NameText(variable.NameOffset);
        var definition = types.SkipModifiers(variable.SizeOrType);
        var count = definition.Kind == BtfKind.Struct ? definition.Count : 0;
        if (count > MaxMembers)
            throw new MalformedObjectException(MalformedObjectException.MalformedObject, ".maps", 0,
                $"the definition of map '{name}' has {count} members; at most {MaxMembers} are accepted");

        var map = new MapReport(name, MapDefinition.Btf, MapTypes.Name(0), null, null, null, null, false);
        for (var i = 0; i < count; i++) map = With(map, types, types.Member(definition, i));
        return map;
    }

    private static MapReport With(MapReport map, BtfTypes types, BtfMember member) => types.NameText(member.NameOffset) switch
    {
        "type" => map with { Type = MapTypes.Name(Number(types, member) ?? 0) },
        "key_size" => map with { KeySizeBytes = Number(types, member) },
        "key" => map with { KeySizeBytes = SizeOfPointee(types, member) },
        "value_size" => map with { ValueSizeBytes = Number(types, member) },
        "value" => map with { ValueSizeBytes = SizeOfPointee(types, member) },
        "values" => map with { ValueSizeBytes = sizeof(uint) }, // of maps or programs: the file descriptor of one
        "max_entries" => map with { MaxEntries = Number(types, member) },
        "map_flags" => map with { Flags = Number(types, member) },
        "pinning" => map with { Pinned = Number(types, member) is > 0 },
        _ => map,
    };

    /// <summary>The length of the array that the member points to (get_map_field_int of libbpf); null for other members.</summary>
    private static uint? Number(BtfTypes types, BtfMember member)
    {
        var pointer = types.SkipModifiers(member.TypeId);
        if (pointer.Kind != BtfKind.Ptr) return null;
        var array = types[pointer.SizeOrType];
        return array.Kind == BtfKind.Array ? types.Array(array).Length : null;
    }

    private static long? SizeOfPointee(BtfTypes types, BtfMember member)
    {
        var pointer = types[member.TypeId];
        return pointer.Kind == BtfKind.Ptr && types.SizeOf(pointer.SizeOrType) is var size and >= 0 ? size : null;
    }
}
