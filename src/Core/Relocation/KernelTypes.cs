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
    /// <summary>Name of the kernel itself, where a module could be meant.</summary>
    public const string Vmlinux = "vmlinux";

    /// <summary>
    /// Opens the BTF of the inline sites (<c>.BTF.inline</c>) of a module, or of <see cref="Vmlinux"/>; null if there is none. Never
    /// searched for types: it tells where a function that programs attach to was inlined.
    /// </summary>
    public Func<string, BtfTypes?> InlineSites { get; init; } = _ => null;

    /// <summary>A kernel without modules.</summary>
    public static implicit operator KernelTypes(BtfTypes own) => new(own, []);
}
