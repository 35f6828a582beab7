using Relo.Core.Bytes;
using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Report;

/// <summary>
/// Estimates the memory that the work on an object takes besides its file, so that a caller can decide beforehand whether it has
/// that much. Measured on objects of 262,144 records, the most that are read; real objects of a few hundred records need less than 1 MB.
/// </summary>
public static class MemoryNeed
{
    private const long Least = 256 << 10;

    // As multiples of the sections: a record of 16 bytes takes 72, a symbol of 24 bytes up to 120 with its name, a type of 12 bytes 8.
    private const int OfExt = 5, OfSymbols = 5;

    // A fixup is 72 bytes; an access has a resolution, its target and its texts.
    private const int PerFixup = 72, PerAccess = 512;

    // A line of the report, and the counters used while it is built.
    private const int PerLine = 104;

    // In a check: which records use an access, and the bytes that show whether two kernels agree.
    private const int PerCheck = 8, PerKey = 17;

    // Sets of poisoned instructions, while the code is walked.
    private const long PerPoisoned = 1024;

    /// <summary>For <see cref="BpfObject.Read"/>. A file that it refuses needs next to nothing.</summary>
    public static long ToRead(ReadOnlySpan<byte> file)
    {
        var need = Least;
        try
        {
            var sections = new ElfSections(file);
            for (var i = 0; i < sections.Count; i++)
            {
                var section = sections[i];
                if (!section.HasBytes) continue;
                var name = sections.NameOf(section);
                if (section.Type == ElfSection.SymbolTable) need += OfSymbols * (long)section.Size;
                else if (name.SequenceEqual(".BTF.ext"u8)) need += OfExt * (long)section.Size;
                else if (name.SequenceEqual(".BTF"u8)) need += (long)section.Size;
            }
        }
        catch (MalformedObjectException)
        {
            // The reader throws it again.
        }
        return need;
    }

    /// <summary>For an object that was read, as long as it is kept.</summary>
    public static long ToKeep(BpfObject bpf) => bpf.HeldBytes;

    /// <summary>
    /// For <see cref="Relocator.Relocate(BpfObject, Relocation.KernelTypes, CancellationToken)"/>, what was read included.
    /// </summary>
    public static long ToRelocate(BpfObject bpf) =>
        Least + bpf.HeldBytes + (PerFixup * bpf.Records.LongLength) + (PerAccess * bpf.Specs.LongLength);

    /// <summary>For the report, what was relocated included.</summary>
    public static long ToReport(BpfObject bpf, Relocated relocated)
    {
        var poisoned = relocated.Fixups.Count(fixup => fixup.IsPoisoned);
        return ToRelocate(bpf) + (PerLine * (long)relocated.Fixups.Count) + (PerPoisoned * poisoned);
    }

    /// <summary>For a check against many kernels, what was read and the tables of all kernels included.</summary>
    public static long ToCheck(BpfObject bpf) => Least + bpf.HeldBytes + (PerCheck * bpf.Records.LongLength);

    /// <summary>For one kernel of a check, with this number of poisoned records.</summary>
    internal static long ToCheck(BpfObject bpf, long poisoned) =>
        Least + bpf.Bytes.Length + ((PerFixup + PerKey) * bpf.Records.LongLength) + (PerAccess * bpf.Specs.LongLength)
            + (PerPoisoned * poisoned);
}
