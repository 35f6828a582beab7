using Relo.Core.Btf;
using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Checks;

/// <summary>The structs of functions that an object implements: the variables in <c>.struct_ops</c>.</summary>
internal static class StructOpsNeeds
{
    /// <summary>Whether the section holds them.</summary>
    public static bool IsMap(ElfSection section) => section.Name is ".struct_ops" or ".struct_ops.link" && section.Size > 0;

    /// <summary>One for each struct.</summary>
    public static IEnumerable<Need> Of(BpfObject bpf)
    {
        foreach (var (section, variable) in DataSections.EntriesOf(bpf.Types))
        {
            if (section is not (".struct_ops" or ".struct_ops.link") || variable.Kind != BtfKind.Var) continue;
            var type = bpf.Types.SkipModifiers(variable.SizeOrType);
            if (type.Kind != BtfKind.Struct) continue;
            // find_struct_ops_kern_types of libbpf looks for the essential name.
            var name = System.Text.Encoding.UTF8.GetString(EssentialName.Of(bpf.Types.Name(type.NameOffset)));
            yield return new(NeedKind.StructOps, name, [], false) { Sign = new Sign.Operations(name) };
        }
    }
}
