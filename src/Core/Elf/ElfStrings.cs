using System.Text;
using Relo.Core.Bytes;

namespace Relo.Core.Elf;

/// <summary>An ELF string table.</summary>
internal sealed class ElfStrings(ReadOnlyMemory<byte> bytes, string section, int fileSize)
{
    /// <summary>The longest name that is read; real ones are far below.</summary>
    private const int MaxLength = 4096;

    // Names may overlap, so a small table can give a million symbols long names. All names together may be a few times as
    // long as the file; linkers share tails of names, which stays far below that.
    private long _left = 65536 + (4L * fileSize);

    /// <summary>The NUL-terminated name at <paramref name="offset"/>; <paramref name="referrer"/> is only for the message.</summary>
    public string At(uint offset, long referrer)
    {
        if (offset == 0 && bytes.Length == 0) return "";
        if (offset >= (uint)bytes.Length)
            throw Fault(
                offset, $"the entry at 0x{referrer:x} has its name here, beyond the end of the string table of {bytes.Length} bytes");
        var rest = bytes.Span[(int)offset..];
        var length = rest[..Math.Min(rest.Length, MaxLength)].IndexOf((byte)0);
        if (length < 0) throw Fault(offset, $"the name that begins here does not end within {MaxLength} bytes");
        if ((_left -= length) < 0)
            throw Fault(offset,
                $"the names overlap; together they are longer than {65536 + (4L * fileSize)} bytes, the limit for a file of {fileSize}");
        return Encoding.UTF8.GetString(rest[..length]);
    }

    private MalformedObjectException Fault(uint offset, string message) =>
        new(MalformedObjectException.MalformedObject, section, offset, message);
}
