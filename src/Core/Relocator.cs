using Relo.Core.Btf;
using Relo.Core.Elf;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core;

/// <summary>CO-RE relocation of a whole object against one kernel's BTF: a pure function of the two.</summary>
/// <remarks>
/// Records of optional programs come after all others (<see cref="BpfObject.Batches"/>). A hard error in one of them does not
/// fail the object: its instruction is poisoned, so the verifier refuses the program if it is loaded.
/// </remarks>
public static class Relocator
{
    /// <summary>Relocates every record of <paramref name="bpf"/> (bpf_object__relocate_core of libbpf).</summary>
    /// <returns><see cref="Relocated"/>, or <see cref="RelocationFailed"/> for what libbpf treats as a hard error.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RelocationOutcome Relocate(BpfObject bpf, BtfTypes kernel, CancellationToken cancellation = default) =>
        Relocate(bpf, kernel, [], cancellation);

    /// <summary>As above, with the types of the kernel's modules: looked into for names of which the kernel itself has no type of the kind, as libbpf does without btf_custom_path.</summary>
    /// <param name="bpf">The object.</param>
    /// <param name="kernel">The kernel's own types.</param>
    /// <param name="modules">Its modules, in the order to search; not gone through before they are needed.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns><see cref="Relocated"/>, or <see cref="RelocationFailed"/> for what libbpf treats as a hard error.</returns>
    /// <exception cref="ArgumentException">A module's types stand on others than <paramref name="kernel"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RelocationOutcome Relocate(BpfObject bpf, BtfTypes kernel, IEnumerable<ModuleTypes> modules, CancellationToken cancellation = default) =>
        Relocate(bpf, kernel, modules, WorkBudget.For(bpf.Specs.Length, cancellation), cancellation);

    internal static RelocationOutcome Relocate(BpfObject bpf, BtfTypes kernel, IEnumerable<ModuleTypes> modules, WorkBudget work, CancellationToken cancellation) =>
        bpf.Records.Length == 0 ? new Relocated(bpf.Bytes, kernel, []) { OpenModules = () => modules } : Relocate(bpf, kernel, modules, new ElfPatch(bpf.Elf), work, cancellation);

    /// <summary>Into a copy that the caller made.</summary>
    internal static RelocationOutcome Relocate(BpfObject bpf, BtfTypes kernel, IEnumerable<ModuleTypes> modules, ElfPatch patch, WorkBudget work, CancellationToken cancellation)
    {
        if (bpf.Records.Length == 0) return new Relocated(patch.Bytes, kernel, []) { OpenModules = () => modules };
        var resolver = new Resolver(bpf, kernel, modules, work);
        var fixups = new Fixup[bpf.Records.Length];
        foreach (var batch in bpf.Batches)
        {
            resolver.StartOver();
            foreach (var i in batch)
            {
                ref readonly var record = ref bpf.Records[i];
                cancellation.ThrowIfCancellationRequested();
                // libbpf looks at this before it looks whether the program is to be loaded.
                if (record.Relo.InstructionOffset % Bpf.Instruction.Size != 0)
                    return Failure.Of(bpf, record, Errno.EInval, $"insn_off {record.Relo.InstructionOffset} is no multiple of {Bpf.Instruction.Size}");
                if (record.Program is null) continue;

                var code = patch.From(record.Section!, record.Relo.InstructionOffset);
                var (resolution, patched) = Apply(bpf, record, resolver, code);
                if (patched.Error != 0)
                {
                    if (!record.IsOptional || patched.Error == Errno.Budget) return Failure.Of(bpf, record, resolution, patched);
                    if (!work.PayToKeep(patched.Message?.Length ?? 0)) return Failure.Of(bpf, record, Errno.Budget, Resolver.OutOfBudget.Message);
                    patched = InstructionPatcher.Refuse(code, bpf.Elf.IsBigEndian, patched);
                }
                fixups[i] = new(bpf.Records, i, resolution, patched);
            }
        }
        // As long as a CO-RE record is left, loaders ask for kernel BTF (obj_needs_vmlinux_btf): the header stops naming
        // them. It keeps its 32 bytes, which cilium/ebpf relies on, and the records stay behind as orphans.
        patch.From(bpf.ExtSection!, bpf.Ext!.CoreHeaderOffset!.Value)[..8].Clear();
        return new Relocated(patch.Bytes, kernel, InPrograms(fixups)) { Modules = resolver.Modules, OpenModules = () => modules };
    }

    private static (Resolution Resolution, Patched Patched) Apply(BpfObject bpf, in CoreRecord record, Resolver resolver, Span<byte> code)
    {
        var answer = resolver.Resolve(record.Spec);
        return answer.Resolution is { } resolution
            ? (resolution, InstructionPatcher.Patch(code, bpf.Elf.IsBigEndian, Failure.InstructionOf(record), resolution))
            : (Resolution.Refused, new(default, default, Miss.Refused, answer.Error, answer.Message));
    }

    /// <summary>Without those of no program, which were not filled.</summary>
    private static Fixup[] InPrograms(Fixup[] fixups) => Array.Exists(fixups, fixup => fixup.IsEmpty) ? Array.FindAll(fixups, fixup => !fixup.IsEmpty) : fixups;
}
