using Relo.Core.Bpf;
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
    /// <param name="bpf">The object.</param>
    /// <param name="kernel">The types of the kernel and its modules.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns><see cref="Relocated"/>, or <see cref="RelocationFailed"/> for a hard error of libbpf.</returns>
    /// <exception cref="ArgumentException">A module's BTF is not split BTF of the kernel's own.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RelocationOutcome Relocate(BpfObject bpf, KernelTypes kernel, CancellationToken cancellation = default) =>
        Relocate(bpf, kernel, WorkBudget.For(bpf.Specs.Length, cancellation));

    /// <summary>The same, within a budget, into <paramref name="buffer"/> if given. It is no shorter than the object.</summary>
    internal static RelocationOutcome Relocate(BpfObject bpf, KernelTypes kernel, WorkBudget work, byte[]? buffer = null)
    {
        if (bpf.Records.Length == 0) return new Relocated(bpf.Bytes, kernel, []);
        var patch = new ElfPatch(bpf.Elf, buffer ?? new byte[bpf.Bytes.Length]);
        var resolver = new Resolver(bpf, kernel, work);
        var fixups = new Fixup[bpf.Records.Length];
        foreach (var batch in bpf.Batches)
        {
            resolver.StartOver();
            foreach (var index in batch)
            {
                work.ThrowIfCancelled();
                ref readonly var record = ref bpf.Records[index];
                // libbpf checks this before it checks whether the program is loaded.
                if (record.Relo.InstructionOffset % Instruction.Size != 0) return Failure.OfOffset(bpf, record);
                if (record.Program is null) continue;

                var code = patch.From(record.Section!, record.Relo.InstructionOffset);
                var (resolution, error) = resolver.Resolve(record.Spec);
                var change = resolution is null
                    ? new InstructionChange(default, default, Miss.Refused, error.Number, error.Message)
                    : InstructionPatcher.Patch(code, bpf.Elf.IsBigEndian, Failure.InstructionOf(record), resolution);
                if (change.Error != 0)
                {
                    if (!record.IsOptional || change.Error == Errno.Budget) return Failure.Of(bpf, record, resolution, change);
                    if (!work.PayToKeep(change.Message?.Length ?? 0)) return Failure.OfBudget(bpf, record);
                    change = InstructionPatcher.Refuse(code, bpf.Elf.IsBigEndian, change);
                }
                fixups[index] = new(bpf.Records, index, resolution ?? Resolution.Refused, change);
            }
        }
        DropRecords(bpf, patch);
        return new Relocated(patch.Bytes, kernel, InPrograms(fixups)) { Modules = resolver.Modules };
    }

    /// <summary>
    /// Clears the offset and length of the CO-RE records in the header. If one is left, loaders need kernel BTF
    /// (obj_needs_vmlinux_btf). The header keeps its 32 bytes, which cilium/ebpf relies on, and the records stay as orphans.
    /// </summary>
    private static void DropRecords(BpfObject bpf, ElfPatch patch) =>
        patch.From(bpf.ExtSection!, bpf.Ext!.CoreHeaderOffset!.Value)[..8].Clear();

    private static Fixup[] InPrograms(Fixup[] fixups) =>
        Array.Exists(fixups, fixup => fixup.IsEmpty) ? Array.FindAll(fixups, fixup => !fixup.IsEmpty) : fixups;
}
