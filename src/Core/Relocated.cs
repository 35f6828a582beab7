using Relo.Core.Btf;
using Relo.Core.Relocation;

namespace Relo.Core;

/// <summary>Every record was relocated, some perhaps to a poisoned instruction.</summary>
/// <param name="PatchedBytes">The object to load: as long as the original, and the same bytes if there was nothing to relocate.</param>
/// <param name="Kernel">The types it was relocated against; they must stay open while <paramref name="Fixups"/> are read.</param>
/// <param name="Fixups">The fixup of each record, in order; records in no program, which libbpf skips, are left out.</param>
public sealed record Relocated(ReadOnlyMemory<byte> PatchedBytes, KernelTypes Kernel, IReadOnlyList<Fixup> Fixups) : RelocationOutcome
{
    /// <summary>The modules that were searched; the opened ones must stay open as well.</summary>
    public IReadOnlyList<ModuleTypes> Modules { get; init; } = [];

    /// <summary>Name of the module that has these types; null for the kernel's own.</summary>
    public string? ModuleOf(BtfTypes types) => types == Kernel.Own ? null : Modules.FirstOrDefault(module => module.Is(types))?.Name;
}
