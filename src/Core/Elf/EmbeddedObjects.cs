using System.Buffers.Binary;
using System.Text;

namespace Relo.Core.Elf;

/// <summary>A BPF object inside of another file.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="SizeBytes">How long it is: to the end of whichever part comes last.</param>
/// <param name="Sections">Names of its sections with instructions, the first few.</param>
/// <param name="SectionCount">How many there are.</param>
internal sealed record EmbeddedObject(int Offset, int SizeBytes, IReadOnlyList<string> Sections, int SectionCount);

/// <summary>
/// Finds BPF objects in programs that carry them: libbpf's skeletons have them as a string, Go's and Rust's as an embedded file, and each lies there byte for byte.
/// </summary>
internal static class EmbeddedObjects
{
    private const int HeaderBytes = 64, SectionBytes = 64, MaxSections = 1024, MaxNames = 6, MaxNameBytes = 64;

    // Of places that begin like an ELF file; a program has few.
    private const int MaxTried = 4096;
    private const ushort Relocatable = 1, MachineBpf = 247;
    private const uint NoBits = 8, ProgBits = 1;
    private const ulong ExecInstr = 4;

    /// <summary>The objects in the file but for one that is the file, in order, at most <paramref name="most"/>.</summary>
    public static List<EmbeddedObject> Find(ReadOnlySpan<byte> file, int most)
    {
        var found = new List<EmbeddedObject>();
        var at = 1;
        for (var tried = 0; tried < MaxTried && found.Count < most && at < file.Length; tried++)
        {
            var next = file[at..].IndexOf("\x7f"u8 + "ELF\x02"u8);
            if (next < 0) break;
            at += next;
            if (TryRead(file, at) is { } one) found.Add(one);
            at += found.Count > 0 && found[^1].Offset == at ? found[^1].SizeBytes : 1;
        }

        return found;
    }

    private static EmbeddedObject? TryRead(ReadOnlySpan<byte> file, int at)
    {
        var elf = file[at..];
        if (elf.Length < HeaderBytes || elf[5] is not (1 or 2) || elf[6] != 1) return null;
        var big = elf[5] == 2;
        if (U16(elf, 16, big) != Relocatable || U16(elf, 18, big) != MachineBpf || U16(elf, 58, big) != SectionBytes) return null;
        var table = U64(elf, 40, big);
        uint count = U16(elf, 60, big), namesIndex = U16(elf, 62, big);
        if (count is 0 or > MaxSections || table > (ulong)elf.Length || count * SectionBytes > (ulong)elf.Length - table) return null;
        var sections = elf.Slice((int)table, (int)count * SectionBytes);
        var end = table + (count * SectionBytes);
        var names = namesIndex < count ? Bytes(elf, sections[((int)namesIndex * SectionBytes)..], big) : default;
        var programs = new List<string>();
        var programCount = 0;
        for (var rest = sections; !rest.IsEmpty; rest = rest[SectionBytes..])
        {
            var type = U32(rest, 4, big);
            ulong offset = U64(rest, 24, big), size = U64(rest, 32, big);
            if (type is 0 or NoBits) continue;
            if (offset > (ulong)elf.Length || size > (ulong)elf.Length - offset) return null;
            end = Math.Max(end, offset + size);
            if (type != ProgBits || (U64(rest, 8, big) & ExecInstr) == 0 || size == 0) continue;
            if (programCount++ < MaxNames) programs.Add(NameAt(names, U32(rest, 0, big)));
        }

        return new(at, (int)end, programs, programCount);
    }

    private static ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> elf, ReadOnlySpan<byte> section, bool big)
    {
        ulong offset = U64(section, 24, big), size = U64(section, 32, big);
        return U32(section, 4, big) is 0 or NoBits || offset > (ulong)elf.Length || size > (ulong)elf.Length - offset ? default : elf.Slice((int)offset, (int)size);
    }

    private static string NameAt(ReadOnlySpan<byte> names, uint at)
    {
        if (at >= (uint)names.Length) return "?";
        var name = names[(int)at..];
        var end = name.IndexOf((byte)0);
        name = name[..Math.Min(end < 0 ? name.Length : end, MaxNameBytes)];
        return name.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e) ? "?" : Encoding.ASCII.GetString(name);
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at, bool big) => big ? BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at, bool big) => big ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at, bool big) => big ? BinaryPrimitives.ReadUInt64BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
