using System.Buffers.Binary;
using Relo.Core.Bytes;
using Relo.Core.Elf;

namespace Relo.Archive.Import;

/// <summary>
/// The GNU build-id among ELF notes, as a vmlinux has them in <c>.notes</c> and a running kernel in <c>/sys/kernel/notes</c>:
/// <code>
/// each note: name bytes 4 | content bytes 4 | type 4 | name, to 4 | content, to 4        in the kernel's byte order
/// </code>
/// Other places are not searched: a kernel image also holds the notes of its vDSOs, which have build-ids of their own.
/// </summary>
internal static class BuildIdNote
{
    private const int HeadBytes = 12, MaxBytes = 64;
    private const uint Type = 3; // NT_GNU_BUILD_ID

    /// <summary>The build-id of a vmlinux; null where it has none.</summary>
    public static string? OfVmlinux(ReadOnlyMemory<byte> file)
    {
        try
        {
            var elf = new ElfSections(file.Span);
            return elf.Find(".notes"u8) is { HasBytes: true } notes ? Find(notes.DataIn(file).Span, elf.Header.IsBigEndian) : null;
        }
        catch (MalformedObjectException)
        {
            return null; // its BTF was found before the damage
        }
    }

    /// <summary>The build-id among these notes, in lower-case hexadecimal digits; null where there is none.</summary>
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

    // The padding of the last one may be missing.
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
