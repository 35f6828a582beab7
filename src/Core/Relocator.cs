using System.Buffers.Binary;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Elf;
using Relo.Core.Relocation;

namespace Relo.Core;

/// <summary>CO-RE relocation of a whole object against one kernel's BTF: a pure function of the two.</summary>
public static class Relocator
{
    /// <summary>Relocates every record of <paramref name="bpf"/>, in <c>.BTF.ext</c> order (bpf_object__relocate_core of libbpf).</summary>
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
        Relocate(bpf, kernel, modules, WorkBudget.Default, cancellation);

    internal static RelocationOutcome Relocate(BpfObject bpf, BtfTypes kernel, IEnumerable<ModuleTypes> modules, long budget, CancellationToken cancellation) =>
        bpf.Records.Length == 0 ? new Relocated(bpf.Bytes, kernel, []) : Relocate(bpf, kernel, modules, new ElfPatch(bpf.Elf), budget, cancellation);

    /// <summary>Into a copy that the caller made.</summary>
    internal static RelocationOutcome Relocate(BpfObject bpf, BtfTypes kernel, IEnumerable<ModuleTypes> modules, ElfPatch patch, long budget, CancellationToken cancellation)
    {
        if (bpf.Records.Length == 0) return new Relocated(patch.Bytes, kernel, []);
        var resolver = new Resolver(bpf, kernel, modules, new WorkBudget(budget, cancellation));
        var fixups = new List<Fixup>(bpf.Records.Length);
        for (var i = 0; i < bpf.Records.Length; i++)
        {
            ref readonly var record = ref bpf.Records[i];
            cancellation.ThrowIfCancellationRequested();
            if (record.Relo.InstructionOffset % Bpf.Instruction.Size != 0) return Failure.Of(bpf, record, Errno.EInval, $"insn_off {record.Relo.InstructionOffset} is no multiple of {Bpf.Instruction.Size}");
            if (record.Program is null) continue;

            var answer = resolver.Resolve(record.Spec);
            if (answer.Resolution is not { } resolution) return Failure.Of(bpf, record, answer.Error, answer.Message);
            var patched = InstructionPatcher.Patch(patch.From(record.Section!, record.Relo.InstructionOffset), bpf.Elf.IsBigEndian, Failure.InstructionOf(record), resolution);
            if (patched.Error != 0) return Failure.OfPatch(bpf, record, patched);
            fixups.Add(new(bpf.Records, i, resolution, patched));
        }
        // As long as a CO-RE record is left, loaders ask for kernel BTF (obj_needs_vmlinux_btf): the header stops naming
        // them. It keeps its 32 bytes, which cilium/ebpf relies on, and the records stay behind as orphans.
        patch.From(bpf.ExtSection!, bpf.Ext!.CoreHeaderOffset!.Value)[..8].Clear();
        return new Relocated(patch.Bytes, kernel, fixups) { Modules = resolver.Modules };
    }
}

/// <summary>What came of relocating an object.</summary>
public abstract record RelocationOutcome
{
    private protected RelocationOutcome() { }
}

/// <summary>Every record was relocated (some perhaps to a poisoned instruction).</summary>
/// <param name="PatchedBytes">The object to load: as long as the original, and the same bytes when there was nothing to relocate.</param>
/// <param name="Kernel">The types it was relocated against; they must stay open while <paramref name="Fixups"/> are read.</param>
/// <param name="Fixups">What each record came to, in order; records of no program, which libbpf skips, are left out.</param>
public sealed record Relocated(ReadOnlyMemory<byte> PatchedBytes, BtfTypes Kernel, IReadOnlyList<Fixup> Fixups) : RelocationOutcome
{
    /// <summary>The modules that were looked into; they must stay open as well.</summary>
    public IReadOnlyList<ModuleTypes> Modules { get; init; } = [];

    /// <summary>Name of the module whose types these are; null for the kernel's own.</summary>
    public string? ModuleOf(BtfTypes types) => types == Kernel ? null : Modules.FirstOrDefault(module => module.Types == types)?.Name;
}

/// <summary>A record, what the kernel answered, and what that did to the instruction.</summary>
public readonly record struct Fixup
{
    private readonly CoreRecord[] _records;
    private readonly int _index;

    internal Fixup(CoreRecord[] records, int index, Resolution resolution, Patched patched)
    {
        _records = records;
        _index = index;
        Resolution = resolution;
        Patched = patched;
    }

    /// <summary>The record in its place.</summary>
    public ref readonly CoreRecord Record => ref _records[_index];

    /// <summary>Takes it apart.</summary>
    public void Deconstruct(out CoreRecord record, out Resolution resolution, out Patched patched) => (record, resolution, patched) = (Record, Resolution, Patched);

    /// <summary>The answer, shared with all records that ask the same.</summary>
    public Resolution Resolution { get; }

    /// <summary>The instruction before and after.</summary>
    public Patched Patched { get; }

    /// <summary>Whether the instruction is now one that the verifier refuses when it is reached.</summary>
    public bool IsPoisoned => Patched.Poisoned != Miss.None;

    /// <summary>Whether the instruction is not what it was.</summary>
    public bool IsChanged => Patched.Before != Patched.After;
}

/// <summary>libbpf would refuse to load the object against this kernel.</summary>
/// <param name="Index">Index of the record among all the object's CO-RE records, in <c>.BTF.ext</c> order.</param>
/// <param name="Message">The text a user of libbpf would recognise.</param>
/// <param name="Section">ELF section of the record's instruction.</param>
/// <param name="Program">Program of the record's instruction.</param>
/// <param name="Instruction">Index of the instruction within its section.</param>
/// <param name="Kind">Name of the record's kind (<c>field-byte-offset</c>, …).</param>
/// <param name="Local">The local spec as libbpf prints it, when it could be read.</param>
public sealed record RelocationFailed(int Index, string Message, string Section, string? Program, int Instruction, string Kind, string? Local) : RelocationOutcome;
