using System.Text;
using Relo.Core.Btf;
using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Checks;

/// <summary>The structs of functions that an object implements: the variables in <c>.struct_ops</c>.</summary>
internal static class StructOpsNeeds
{
    // Objects have a few such variables; the largest struct of the kernel has about sixty members and less than a kilobyte.
    private const int MaxVariables = 256, MaxMembers = 256, MaxBytes = 16 << 10;

    /// <summary>Whether the section holds them.</summary>
    public static bool IsMap(ElfSection section) => section.Name is ".struct_ops" or ".struct_ops.link" && section.Size > 0;

    /// <summary>One for each struct, with the members that any variable of it sets.</summary>
    public static IEnumerable<Need> Of(BpfObject bpf)
    {
        var variables = VariablesOf(bpf.Types).Take(MaxVariables + 1).ToList();
        if (variables.Count > MaxVariables)
        {
            var why = $"the object has more than {MaxVariables} structs of functions; the first ones are checked";
            yield return new(NeedKind.StructOps, "all structs", [], false) { Indicator = new Indicator.Hidden(why) };
        }

        var sections = bpf.Elf.Sections.Where(IsMap).ToDictionary(section => section.Index);
        var places = bpf.Elf.Symbols.Where(symbol => sections.ContainsKey(symbol.Section)).ToLookup(symbol => symbol.Name);
        foreach (var same in variables.Take(MaxVariables).GroupBy(pair => NameOf(bpf.Types, pair.Struct), StringComparer.Ordinal))
        {
            var members = same.SelectMany(pair => SetMembers(bpf.Types, pair.Struct, BytesOf(pair.Variable))).Distinct();
            yield return new(NeedKind.StructOps, same.Key, [], false) { Indicator = new Indicator.Operations(same.Key, [.. members]) };
        }

        ReadOnlyMemory<byte> BytesOf(BtfType variable) => places[bpf.Types.NameText(variable.NameOffset)]
            .Select(symbol => From(bpf.Elf.DataOf(sections[symbol.Section]), symbol.Value)).FirstOrDefault();
    }

    // Each variable once: a section of untrusted BTF may list one many times.
    private static IEnumerable<(BtfType Variable, BtfType Struct)> VariablesOf(BtfTypes types)
    {
        var seen = new HashSet<uint>();
        foreach (var (section, variable) in DataSections.EntriesOf(types))
        {
            if (section is not (".struct_ops" or ".struct_ops.link") || variable.Kind != BtfKind.Var || !seen.Add(variable.Id)) continue;
            if (types.SkipModifiers(variable.SizeOrType) is { Kind: BtfKind.Struct } type) yield return (variable, type);
        }
    }

    // find_struct_ops_kern_types of libbpf looks for the essential name.
    private static string NameOf(BtfTypes types, BtfType type) => Encoding.UTF8.GetString(EssentialName.Of(types.Name(type.NameOffset)));

    // bpf_map__init_kern_struct_ops of libbpf refuses a member that the kernel's struct lacks, unless its bytes are 0. A member set to a
    // function is 0 in the file, because a relocation sets it; libbpf drops the function.
    private static IEnumerable<uint> SetMembers(BtfTypes types, BtfType type, ReadOnlyMemory<byte> variable)
    {
        for (var i = 0; i < Math.Min(type.Count, MaxMembers); i++)
        {
            var member = types.Member(type, i);
            if (member.NameOffset == 0 || types.SizeOf(member.TypeId) is not (var size and > 0)) continue;
            var bytes = From(variable, member.BitOffset / 8).Span;
            var length = (int)Math.Min(size, Math.Min(bytes.Length, MaxBytes));
            if (bytes[..length].ContainsAnyExcept((byte)0)) yield return member.NameOffset;
        }
    }

    private static ReadOnlyMemory<byte> From(ReadOnlyMemory<byte> bytes, ulong offset) =>
        offset < (ulong)bytes.Length ? bytes[(int)offset..] : default;
}
