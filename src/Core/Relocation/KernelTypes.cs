using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>The types of one kernel, to relocate against. Not for several threads: modules open when they are first needed.</summary>
/// <param name="Own">The kernel's own types.</param>
/// <param name="Modules">
/// Its modules, in the order to search. As in libbpf without btf_custom_path, they are searched for names of which the kernel itself has no
/// type of the kind, and enumerated only then.
/// </param>
public sealed record KernelTypes(BtfTypes Own, IEnumerable<ModuleTypes> Modules)
{
    /// <summary>A kernel without modules.</summary>
    public static implicit operator KernelTypes(BtfTypes own) => new(own, []);
}
