using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Elf;

namespace Relo.Core.Objects;

/// <summary>The maps of an object, however they are defined.</summary>
internal static class Maps
{
    /// <summary>Real objects have up to a few hundred.</summary>
    private const int MaxMaps = 4096;

    public static List<MapReport> Of(BpfObject bpf)
    {
        var maps = new List<MapReport>();
        var data = bpf.Elf.Sections.Where(DataSections.IsGlobalData).Select(Global);
        foreach (var map in InBtf(bpf.Types).Concat(Legacy(bpf.Elf)).Concat(data))
        {
            if (maps.Count == MaxMaps)
                throw new MalformedObjectException(MalformedObjectException.MalformedObject, ".maps", 0,
                    $"there are more than {MaxMaps} maps");
            maps.Add(map);
        }
        return maps;
    }

    private static IEnumerable<MapReport> InBtf(BtfTypes types)
    {
        foreach (var (section, variable) in DataSections.EntriesOf(types))
        {
            if (variable.Kind != BtfKind.Var) continue;
            if (section == ".maps") yield return BtfMap.Read(types, variable);
            else if (section is ".struct_ops" or ".struct_ops.link") yield return StructOps(types, variable);
        }
    }

    private static MapReport StructOps(BtfTypes types, BtfType variable) => new(
        types.NameText(variable.NameOffset), MapDefinition.StructOps, "struct-ops", sizeof(uint),
        types.SizeOf(variable.SizeOrType) is var size and >= 0 ? size : null, 1, null, false);

    private static MapReport Global(ElfSection section) =>
        new(section.Name, MapDefinition.GlobalData, "array", sizeof(uint), section.Size, 1, null, false);

    /// <summary>Each symbol in section "maps" is the start of a struct bpf_map_def: type, key size, value size, entries, flags.</summary>
    private static IEnumerable<MapReport> Legacy(ElfObject elf)
    {
        if (elf.FindSection("maps") is not { } section) yield break;
        foreach (var symbol in elf.Symbols)
        {
            if (symbol.Section == section.Index && symbol.Name.Length > 0) yield return Legacy(elf, section, symbol);
        }
    }

    private static MapReport Legacy(ElfObject elf, ElfSection section, ElfSymbol symbol)
    {
        var bytes = elf.DataOf(section).Span;
        if (symbol.Value > (ulong)bytes.Length)
            throw new MalformedObjectException(
                MalformedObjectException.MalformedObject, section.Name, (long)Math.Min(symbol.Value, long.MaxValue),
                $"map '{symbol.Name}' begins beyond its section of {bytes.Length} bytes");
        var at = new ByteCursor(
            bytes[(int)symbol.Value..], elf.IsBigEndian, MalformedObjectException.MalformedObject, section.Name, (long)symbol.Value);
        return new(symbol.Name, MapDefinition.Legacy, MapTypes.Name(at.U32()), at.U32(), at.U32(), at.U32(), at.U32(), false);
    }
}
