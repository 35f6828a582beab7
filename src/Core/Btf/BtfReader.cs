using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>Opens raw BTF (a kernel's, a module's, or an object's <c>.BTF</c> section) of either byte order.</summary>
public static class BtfReader
{
    /// <summary>Checks all of <paramref name="bytes"/> and finds where each type begins; the bytes are kept, not copied.</summary>
    /// <param name="bytes">Raw BTF. Must stay unchanged and alive as long as the result is used.</param>
    /// <param name="splitBase">The BTF that split BTF (a module's) stands on.</param>
    /// <exception cref="MalformedObjectException">The bytes are no sound BTF (code <c>invalid-btf</c>).</exception>
    public static BtfTypes Read(ReadOnlyMemory<byte> bytes, BtfTypes? splitBase = null) =>
        Read(bytes, splitBase, MalformedObjectException.InvalidBtf, pointerSize: null);

    internal static BtfTypes Read(ReadOnlyMemory<byte> bytes, BtfTypes? splitBase, string code, int? pointerSize)
    {
        const string section = ".BTF";
        var span = bytes.Span;
        var header = ReadHeader(span, splitBase, code, section);
        var offsets = BtfScan.Run(new(span, header, splitBase, code, section), LayoutOf(span, header));
        return new(bytes, header, offsets, names: null, splitBase, pointerSize ?? splitBase?.PointerSize);
    }

    /// <summary>The header, and that it is one of BTF that may stand on this base.</summary>
    internal static BtfHeader ReadHeader(ReadOnlySpan<byte> bytes, BtfTypes? splitBase, string code = MalformedObjectException.InvalidBtf, string section = ".BTF")
    {
        var header = BtfHeader.Read(bytes, code, section);
        if (splitBase is not null && splitBase.IsBigEndian != header.IsBigEndian)
            throw new MalformedObjectException(code, section, 0, "split BTF and its base have different byte orders");
        CheckStrings(bytes.Slice(header.StringsStart, header.StringsLength), header, splitBase, code, section);
        return header;
    }

    /// <summary>The string section begins with the empty name and ends with a NUL, so that every name inside ends.</summary>
    private static void CheckStrings(ReadOnlySpan<byte> strings, BtfHeader header, BtfTypes? splitBase, string code, string section)
    {
        if (splitBase is not null && strings.IsEmpty) return;
        if (strings.IsEmpty || strings[^1] != 0) throw new MalformedObjectException(code, section, header.StringsStart + Math.Max(strings.Length - 1, 0), "the strings do not end with a NUL");
        if (splitBase is null && strings[0] != 0) throw new MalformedObjectException(code, section, header.StringsStart, "the strings do not begin with the empty name (those of split BTF, a module's, do not; it is only sound on its kernel's)");
    }

    /// <summary>The layout table (2026): bytes behind the head and bytes per element of each kind, for kinds not known here.</summary>
    private static (byte Info, byte Element)[] LayoutOf(ReadOnlySpan<byte> bytes, BtfHeader header)
    {
        const int entry = 4;
        var layout = new (byte, byte)[header.LayoutLength / entry];
        for (var i = 0; i < layout.Length; i++)
        {
            var at = header.LayoutStart + (i * entry);
            layout[i] = (bytes[at], bytes[at + 1]);
        }
        return layout;
    }
}
