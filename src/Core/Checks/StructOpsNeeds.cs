using System.Text;
using Relo.Core.Btf;
using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Checks;

/// <summary>The structs of functions that an object implements: the variables in <c>.struct_ops</c>.</summary>
internal static class StructOpsNeeds
{
    // The largest struct of the kernel has about sixty members.
    private const int MaxMembers = 1024;

    /// <summary>Whether the section holds them.</summary>
    public static bool IsMap(ElfSection section) => section.Name is ".struct_ops" or ".struct_ops.link" && section.Size > 0;

    /// <summary>One for each struct.</summary>
    public static IEnumerable<Need> Of(BpfObject bpf)
    {
        var sections = bpf.Elf.Sections.Where(IsMap).ToDictionary(section => section.Index);
        var places = bpf.Elf.Symbols.Where(symbol => sections.ContainsKey(symbol.Section)).ToLookup(symbol => symbol.Name);
        foreach (var (section, variable) in DataSections.EntriesOf(bpf.Types))
        {
            if (section is not (".struct_ops" or ".struct_ops.link") || variable.Kind != BtfKind.Var) continue;
            var type = bpf.Types.SkipModifiers(variable.SizeOrType);
            if (type.Kind != BtfKind.Struct) continue;
            // find_struct_ops_kern_types of libbpf looks for the essential name.
            var name = Encoding.UTF8.GetString(EssentialName.Of(bpf.Types.Name(type.NameOffset)));
            var bytes = places[bpf.Types.NameText(variable.NameOffset)]
                .Select(symbol => From(bpf.Elf.DataOf(sections[symbol.Section]), symbol.Value)).FirstOrDefault();
            yield return new(
                NeedKind.StructOps, name, [], false)
            { Indicator = new Indicator.Operations(name, [.. SetMembers(bpf.Types, type, bytes)]) };
        }
    }

    // bpf_map__init_kern_struct_ops of libbpf refuses a member that the kernel's struct lacks, unless its bytes are 0. A member set to a
    // function is 0 in the file, because a relocation sets it; libbpf drops the function.
    private static IEnumerable<string> SetMembers(BtfTypes types, BtfType type, ReadOnlyMemory<byte> variable)
    {
        for (var i = 0; i < Math.Min(type.Count, MaxMembers); i++)
        {
            var member = types.Member(type, i);
            if (member.NameOffset == 0 || types.SizeOf(member.TypeId) is not (var size and > 0)) continue;
            var bytes = From(variable, member.BitOffset / 8).Span;
            if (bytes[..(int)Math.Min(size, bytes.Length)].ContainsAnyExcept((byte)0)) yield return types.NameText(member.NameOffset);
        }
    }

    private static ReadOnlyMemory<byte> From(ReadOnlyMemory<byte> bytes, ulong offset) =>
        offset < (ulong)bytes.Length ? bytes[(int)offset..] : default;
}
