using Relo.Core.Objects;

namespace Relo.Core.Checks;

/// <summary>
/// An object compiled for another architecture than the kernel's: its registers do not exist there. One finding, not one per register.
/// </summary>
/// <param name="Object">Architecture that the object is compiled for, as in <c>__TARGET_ARCH_x86</c>.</param>
/// <param name="Kernel">Architecture of the kernel.</param>
/// <param name="Struct">The object's struct of registers: <c>struct pt_regs</c>.</param>
/// <param name="Records">Indexes of the records whose register does not exist on the kernel.</param>
internal sealed record ArchitectureMismatch(string Object, string Kernel, string Struct, IReadOnlySet<int> Records)
{
    // Limit of examined types of the object; real ones refer to a few hundred.
    private const int MaxStructs = 4096;

    /// <summary>Name of the warning, and of the reason in a compatibility check.</summary>
    public const string Code = "architecture-mismatch";

    /// <summary>The finding, and what to do.</summary>
    public string Message => $"The object is compiled for {Object}, and the kernel is {Kernel}: {Records.Count} of the object's records "
        + $"access registers of {Object} ({Struct}), which {Kernel} does not have. "
        + $"Compile the object with -D__TARGET_ARCH_{Kernel} and the vmlinux.h of "
        + $"{(Kernel[0] is 'a' or 'e' or 'i' or 'o' or 'u' or 'x' ? "an" : "a")} {Kernel} kernel.";

    /// <summary>The mismatch; null if no register is missing, or the architectures are the same or unknown.</summary>
    public static ArchitectureMismatch? Find(BpfObject bpf, Relocated relocated)
    {
        var structs = new Dictionary<uint, string?>(); // root type, its architecture if it is a struct of registers
        var missing = relocated.Fixups
            .Where(fixup =>
                fixup.IsPoisoned && !fixup.IsRefused && fixup.Resolution.Target is null && ArchitectureOf(fixup.Record) is not null)
            .ToList();
        if (missing.Count == 0 || RegisterStructs.ArchitectureOf(relocated.Kernel.Own) is not { } kernel) return null;
        var ofObject = ArchitectureOf(missing[0].Record)!;
        if (ofObject == kernel) return null;
        var root = bpf.Specs[missing[0].Record.Spec].Spec!.RootText;
        return new(ofObject, kernel, root, missing.Select(fixup => fixup.Record.Index).ToHashSet());

        string? ArchitectureOf(CoreRecord record)
        {
            if (bpf.Specs[record.Spec].Spec is not { } spec) return null;
            if (!structs.TryGetValue(spec.RootTypeId, out var known))
            {
                var type = bpf.Types[spec.RootTypeId];
                if (structs.Count == MaxStructs) return null;
                structs.Add(
                    spec.RootTypeId,
                    known = RegisterStructs.IsOne(bpf.Types, type) ? RegisterStructs.ArchitectureOf(bpf.Types, type) : null);
            }
            return known;
        }
    }
}
