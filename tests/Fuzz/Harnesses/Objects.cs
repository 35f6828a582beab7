using Relo.Core;
using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Contents;
using Relo.Core.Elf;
using Relo.Core.MinimalBtf;
using Relo.Core.Objects;
using Relo.Core.Report;
using Relo.Core.StableForms;

namespace Relo.Fuzz.Harnesses;

/// <summary>The inputs of relocation: objects and BTF.</summary>
internal static class Objects
{
    private static readonly BtfTypes EmptyKernel = BtfReader.Read(new BtfWriter().ToBytes());
    private static readonly BtfTypes BigEndianKernel = BtfReader.Read(new BtfWriter(bigEndian: true).ToBytes());
    private static readonly BtfTypes[] Kernels = [BtfReader.Read(Seeds.SyscallWork), BtfReader.Read(Seeds.FlagsStatus), EmptyKernel];

    public static IReadOnlyList<Harness> All { get; } =
    [
        new("elf", "an object's ELF structure: sections, symbols, programs, relocations of instructions",
            () => [Seeds.Object, Seeds.BigEndianObject, .. Seeds.Corpus()], Elf),
        new("btf", "raw BTF of either byte order, then every type of it", BtfSeeds, bytes => BtfVisit.All(BtfReader.Read(bytes))),
        new("stable-form", "BTF in stable form, read and written again", () => BtfSeeds().Select(btf => StableForm.Write(btf)!),
            bytes => StableForm.Write(StableForm.Read(bytes))),
        new("split-btf", "a kernel's BTF and the split BTF of a module that stands on it", SplitSeeds, SplitBtf),
        new("btf-ext", "a .BTF.ext, the strings it refers to before it", ExtSeeds, BtfExt),
        new("object", "a whole object: read, listed, relocated, reported", () => [Seeds.Object, Seeds.BigEndianObject, .. Seeds.Corpus()],
            bytes => Relocate(bytes, Kernels[bytes.Length % Kernels.Length])),
        new("relocation", "an object and the BTF it is relocated against", RelocationSeeds, Relocation),
        new("code", "instructions: disassembled, and in an object whose poison is looked for", CodeSeeds, Code),
        new("minimal-btf", "an object and the BTF to be cut down for it", RelocationSeeds, MinimalBtf),
        new("access", "an access string about types of every kind, spelled out and matched", AccessTypes.Seeds,
            AccessTypes.Run) { Words = AccessTypes.Words, MaxBytes = 2048 },
    ];

    private static void Elf(byte[] bytes)
    {
        var elf = ElfReader.Read(bytes);
        foreach (var section in elf.Sections) elf.DataOf(section);
        ProgramTable.Read(elf);
        if (ElfRelocations.Read(elf) is not { } relocations) return;
        for (var i = 0; i < Math.Min(elf.Sections.Count, 64); i++) relocations.SymbolAt(i, (uint)i);
    }

    private static void SplitBtf(byte[] bytes)
    {
        var (kernel, module) = Pair.Split(bytes);
        var types = BtfReader.Read(kernel);
        BtfVisit.All(BtfReader.Read(module, types));
    }

    private static void BtfExt(byte[] bytes)
    {
        var (strings, ext) = Pair.Split(bytes);
        var isBigEndian = !ext.IsEmpty && ext.Span[0] == 0xeb;
        byte[] table = [0, .. strings.Span, 0];
        var btf = new byte[24 + table.Length];
        new byte[] { 0x9f, 0xeb, 1, 0, 24 }.CopyTo(btf, 0);
        BitConverter.TryWriteBytes(btf.AsSpan(20), table.Length);
        table.CopyTo(btf, 24);
        BtfExtReader.Read(ext.Span, isBigEndian, BtfReader.Read(btf));
    }

    private static void Relocation(byte[] bytes)
    {
        var (first, second) = Pair.Split(bytes);
        Relocate(first, BtfReader.Read(second));
    }

    private static void Relocate(ReadOnlyMemory<byte> bytes, BtfTypes kernel)
    {
        var bpf = BpfObject.Read(bytes);
        ObjectContents.Of(bpf);
        if (Relocator.Relocate(bpf, kernel, new WorkBudget(3_000_000, CancellationToken.None)) is not Relocated relocated) return;
        Must(relocated.PatchedBytes.Length == bytes.Length, "the size of the object changed");
        ReportBuilder.Build(bpf, relocated);
        BpfObject.Read(relocated.PatchedBytes); // what is given out can be read again
    }

    private static void Code(byte[] code)
    {
        for (var at = 0; at + Instruction.Size <= code.Length; at += Instruction.Size)
        {
            var next = at + (2 * Instruction.Size) <= code.Length
                ? Instruction.Read(code.AsSpan(at + Instruction.Size), bigEndian: false)
                : default;
            var text = Disassembler.Format(Instruction.Read(code.AsSpan(at), bigEndian: at % 16 == 8), next);
            Must(text.Length is > 0 and < 120 && text == text.Trim(), $"the disassembly is '{text}'");
        }
        if (code.Length == 0) return;
        var elf = ElfReader.Read(Seeds.Object);
        var bytes = Seeds.Object.ToArray();
        foreach (var section in elf.Sections.Where(section => section.IsExecutable))
            for (var i = 0; i < section.Size; i++) bytes[section.Offset + i] = code[i % code.Length];
        Relocate(bytes, EmptyKernel);
    }

    private static void MinimalBtf(byte[] bytes)
    {
        var (first, second) = Pair.Split(bytes);
        var kernel = BtfReader.Read(second);
        var bpf = BpfObject.Read(first);
        if (MinimalBtfMaker.Make(bpf, kernel) is MinimalBtfMade made) BtfReader.Read(made.Bytes);
    }

    internal static void Must(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }

    private static IEnumerable<byte[]> BtfSeeds()
    {
        var kinds = AccessTypes.Write(new());
        return [Seeds.SyscallWork, Seeds.FlagsStatus, kinds.ToBytes(), AccessTypes.Write(new(bigEndian: true)).ToBytes(),
            .. Seeds.Corpus().Select(OwnBtf).OfType<byte[]>()];
    }

    private static byte[]? OwnBtf(byte[] bytes) => ElfReader.Read(bytes) is var elf && elf.FindSection(".BTF") is { } section
        ? elf.DataOf(section).ToArray()
        : null;

    private static byte[] OwnExt(byte[] bytes) => ElfReader.Read(bytes) is var elf
        ? elf.DataOf(elf.FindSection(".BTF.ext")!).ToArray()
        : [];

    private static IEnumerable<byte[]> SplitSeeds()
    {
        foreach (var kernel in (byte[][])[Seeds.SyscallWork, AccessTypes.Write(new()).ToBytes(),
            AccessTypes.Write(new(bigEndian: true)).ToBytes()])
        {
            var types = BtfReader.Read(kernel);
            yield return Pair.Of(kernel, AccessTypes.Write(new(types.IsBigEndian, types)).ToBytes());
        }
    }

    private static IEnumerable<byte[]> ExtSeeds()
    {
        foreach (var bytes in (byte[][])[Seeds.Object, Seeds.BigEndianObject])
        {
            var strings = BtfReader.Read(OwnBtf(bytes)!).Strings[1..^1];
            yield return Pair.Of(strings, OwnExt(bytes));
        }
    }

    private static IEnumerable<byte[]> RelocationSeeds() =>
    [
        Pair.Of(Seeds.Object, Seeds.SyscallWork), Pair.Of(Seeds.Object, Seeds.FlagsStatus),
        Pair.Of(Seeds.BigEndianObject, BigEndianKernel.Bytes.Span),
        .. Seeds.Corpus().Select(bytes => Pair.Of(bytes, OwnBtf(bytes))),
    ];

    private static IEnumerable<byte[]> CodeSeeds() => ((byte[][])[Seeds.Object, .. Seeds.Corpus()]).Select(bytes => ElfReader.Read(bytes))
        .SelectMany(elf => elf.Sections.Where(s => s.IsExecutable && s.Size > 0).Select(s => elf.DataOf(s).ToArray()));
}
