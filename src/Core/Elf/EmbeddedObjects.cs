using System.Text;
using Relo.Core.Bytes;

namespace Relo.Core.Elf;

/// <summary>
/// Finds BPF objects embedded in programs: libbpf's skeletons contain them as a string, Go and Rust programs as an embedded file, in
/// each case byte for byte.
/// </summary>
internal static class EmbeddedObjects
{
    private const int MaxSections = 1024, MaxNames = 6, MaxNameBytes = 64;

    // Places that begin like an ELF file; programs have few.
    private const int MaxTried = 4096;

    /// <summary>The objects in the file, except one that is the whole file, in order, at most <paramref name="most"/>.</summary>
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
        if (elf.Length < ElfHeader.Size || elf[5] is not (1 or 2) || elf[6] != 1) return null;
        if (ElfHeader.Read(elf) is not { Type: ElfHeader.Relocatable, Machine: ElfHeader.Bpf, Count: > 0 and <= MaxSections }) return null;
        try
        {
            return Read(elf, at);
        }
        catch (MalformedObjectException)
        {
            return null; // only begins like an object
        }
    }

    private static EmbeddedObject Read(ReadOnlySpan<byte> elf, int at)
    {
        var sections = new ElfSections(elf);
        var end = (ulong)sections.PlaceOf(sections.Count);
        var programs = new List<string>();
        var programCount = 0;
        for (var i = 0; i < sections.Count; i++)
        {
            var section = sections[i];
            if (!section.HasBytes) continue;
            end = Math.Max(end, section.Offset + section.Size);
            if (section.IsExecutable && section.Size > 0 && programCount++ < MaxNames) programs.Add(Printable(sections.NameOf(section)));
        }
        return new(at, (int)end, programs, programCount);
    }

    private static string Printable(ReadOnlySpan<byte> name)
    {
        name = name[..Math.Min(name.Length, MaxNameBytes)];
        return name.IsEmpty || name.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e) ? "?" : Encoding.ASCII.GetString(name);
    }
}
