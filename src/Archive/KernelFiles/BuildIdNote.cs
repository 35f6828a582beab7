using System.Buffers.Binary;
using Relo.Core.Bytes;
using Relo.Core.Elf;

namespace Relo.Archive.KernelFiles;

/// <summary>
/// Finds the GNU build-id in the ELF notes of a vmlinux (<c>.notes</c>) or a running kernel (<c>/sys/kernel/notes</c>):
/// <code>
/// each note: name bytes 4 | content bytes 4 | type 4 | name, to 4 | content, to 4        in the kernel's byte order
/// </code>
/// Searches nowhere else, because a kernel image also contains the notes of its vDSOs, which have their own build-ids.
/// </summary>
internal static class BuildIdNote
{
    private const int HeadBytes = 12, MaxBytes = 64;
    private const uint Type = 3; // NT_GNU_BUILD_ID

    /// <summary>The build-id of a vmlinux, or null.</summary>
    public static string? OfVmlinux(ReadOnlyMemory<byte> file)
    {
        try
        {
            var elf = new ElfSections(file.Span);
            return elf.Find(".notes"u8) is { HasBytes: true } notes ? Find(notes.DataIn(file).Span, elf.Header.IsBigEndian) : null;
        }
        catch (MalformedObjectException)
        {
            return null; // the BTF is usable without it
        }
    }

    /// <summary>The build-id among these notes, in lower-case hexadecimal digits; or null.</summary>
    public static string? Find(ReadOnlySpan<byte> notes, bool isBigEndian)
    {
        while (notes.Length >= HeadBytes)
        {
            uint name = U32(notes, isBigEndian), content = U32(notes[4..], isBigEndian), type = U32(notes[8..], isBigEndian);
            notes = notes[HeadBytes..];
            if (!TryTake(ref notes, name, out var owner) || !TryTake(ref notes, content, out var id)) return null;
            if (type == Type && owner.SequenceEqual("GNU\0"u8) && id.Length is > 0 and <= MaxBytes) return Convert.ToHexStringLower(id);
        }

        return null;
    }

    // The last note may lack its padding.
    private static bool TryTake(ref ReadOnlySpan<byte> notes, uint length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (length > (uint)notes.Length) return false;
        taken = notes[..(int)length];
        notes = notes[(int)Math.Min((uint)notes.Length, (length + 3) & ~3u)..];
        return true;
    }

    private static uint U32(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
