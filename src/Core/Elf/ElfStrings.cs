using System.Text;
using Relo.Core.Bytes;

namespace Relo.Core.Elf;

/// <summary>An ELF string table.</summary>
internal readonly struct ElfStrings(ReadOnlyMemory<byte> bytes, string section)
{
    /// <summary>The longest name that is read: real ones are far below, and a name must not become an attack on memory.</summary>
    private const int MaxLength = 4096;

    /// <summary>The NUL-terminated name at <paramref name="offset"/>; <paramref name="referrer"/> is only for the message.</summary>
    public string At(uint offset, long referrer)
    {
        if (offset == 0 && bytes.Length == 0) return "";
        if (offset >= (uint)bytes.Length)
            throw new MalformedObjectException(MalformedObjectException.MalformedObject, section, offset, $"name offset outside the table of {bytes.Length} bytes (referred to at 0x{referrer:x})");
        var rest = bytes.Span[(int)offset..];
        var length = rest[..Math.Min(rest.Length, MaxLength)].IndexOf((byte)0);
        return length >= 0
            ? Encoding.UTF8.GetString(rest[..length])
            : throw new MalformedObjectException(MalformedObjectException.MalformedObject, section, offset, $"name does not end within {MaxLength} bytes");
    }
}
