using System.Buffers.Binary;
using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>
/// Finds a second <c>.BTF</c> or <c>.BTF.ext</c> after the first one in the same section. A linker without support for BTF
/// (<c>ld -r</c>) appends the sections of its inputs:
/// <code>
///   header | its data | padding | header | its data
/// </code>
/// Loaders read only the first header, so the second object keeps its compile-time offsets and reads wrong memory.
/// </summary>
internal static class SecondBlob
{
    private const int MinHeader = 24;
    private const int MaxHeader = 4096;

    /// <summary>Checks the bytes after the declared parts. Padding and other bytes are allowed.</summary>
    /// <param name="bytes">The whole section.</param>
    /// <param name="end">Where the data of the first header ends.</param>
    /// <param name="section">Name of the section.</param>
    /// <param name="records">The CO-RE records of the first header, the only ones that loaders apply.</param>
    /// <exception cref="MalformedObjectException">There is a second header.</exception>
    public static void Refuse(ReadOnlySpan<byte> bytes, int end, string section, int? records = null)
    {
        if (Find(bytes[end..]) is not { } offset) return;
        throw new MalformedObjectException(MalformedObjectException.MalformedObject, section, end + offset,
            $"a second header follows the data of the first, which ends at 0x{end:x}: "
            + $"a linker such as \"ld -r\" put the {section} of several objects "
            + "after one another, and loaders read only the first; "
            + "link the objects with \"bpftool gen object linked.bpf.o a.bpf.o b.bpf.o\"")
        {
            RecordsRead = records,
        };
    }

    /// <summary>
    /// The offset of the first header: magic, version 1, no flags, and a length that fits. Headers are not aligned, because strings
    /// have any length.
    /// </summary>
    private static int? Find(ReadOnlySpan<byte> tail)
    {
        for (var at = 0; tail.Length - at >= MinHeader; at++)
        {
            var next = tail[at..].IndexOfAny((byte)0x9f, (byte)0xeb);
            if (next < 0 || tail.Length - (at += next) < MinHeader) return null;
            if (IsHeader(tail[at..])) return at;
        }
        return null;
    }

    private static bool IsHeader(ReadOnlySpan<byte> bytes)
    {
        var magic = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        if (magic is not (0xeb9f or 0x9feb) || bytes[2] != 1 || bytes[3] != 0) return false;
        var length = magic == 0xeb9f
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        return length is >= MinHeader and <= MaxHeader && length <= (uint)bytes.Length;
    }
}
