using System.Runtime.InteropServices;
using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>Opens raw BTF (a kernel's, a module's, or an object's <c>.BTF</c> section) of either byte order.</summary>
public static class BtfReader
{
    private const string Section = ".BTF";

    /// <summary>Checks all of <paramref name="bytes"/> and finds where each type begins; the bytes are kept, not copied.</summary>
    /// <param name="bytes">Raw BTF. Must stay unchanged and alive as long as the result is used.</param>
    /// <param name="splitBase">The base of split BTF (a module's).</param>
    /// <exception cref="MalformedObjectException">The bytes are not valid BTF (code <c>invalid-btf</c>).</exception>
    public static BtfTypes Read(ReadOnlyMemory<byte> bytes, BtfTypes? splitBase = null) => Read(bytes, splitBase, indexHead: 0, out _);

    /// <summary>
    /// The BTF of an object. It is never searched by name; pointers are 64 bits wide, regardless of its own "long"
    /// (btf__set_pointer_size in bpf_object__init_btf).
    /// </summary>
    internal static BtfTypes ReadOfObject(ReadOnlyMemory<byte> bytes)
    {
        var header = ReadHeader(bytes.Span, splitBase: null, MalformedObjectException.MalformedObject);
        var btf = new BtfSection(bytes.Span, header, null, MalformedObjectException.MalformedObject, Section);
        using var scan = BtfScan.Run(btf, LayoutOf(bytes.Span, header, splitBase: null));
        return new(bytes, header, MemoryMarshal.AsBytes(scan.Offsets).ToArray(), names: null, splitBase: null, pointerSize: 8);
    }

    /// <summary>
    /// As <see cref="Read(ReadOnlyMemory{byte}, BtfTypes?)"/>; also returns the index as <see cref="BtfIndexFile"/> stores it, with
    /// room for its head.
    /// </summary>
    internal static BtfTypes Read(ReadOnlyMemory<byte> bytes, BtfTypes? splitBase, int indexHead, out byte[] index)
    {
        var header = ReadHeader(bytes.Span, splitBase);
        var btf = new BtfSection(bytes.Span, header, splitBase, MalformedObjectException.InvalidBtf, Section);
        using var scan = BtfScan.Run(btf, LayoutOf(bytes.Span, header, splitBase));
        var hashed = scan.Named[..NameIndex.Hash(btf, scan.Named)];

        var offsets = MemoryMarshal.AsBytes(scan.Offsets);
        var startBytes = (NameIndex.BucketsFor(hashed.Length) + 1) * sizeof(int);
        index = new byte[indexHead + offsets.Length + startBytes + (hashed.Length * NameEntry.Size)]; // zeroed: it goes to a file
        var parts = index.AsMemory(indexHead);
        offsets.CopyTo(parts.Span);
        var (starts, entries) = (parts.Slice(offsets.Length, startBytes), parts[(offsets.Length + startBytes)..]);
        NameIndex.Sort(hashed, MemoryMarshal.Cast<byte, int>(starts.Span), MemoryMarshal.Cast<byte, NameEntry>(entries.Span));
        return new(bytes, header, parts[..offsets.Length], new(starts, entries), splitBase, splitBase?.PointerSize);
    }

    /// <summary>Reads the header and checks that it fits the base.</summary>
    internal static BtfHeader ReadHeader(ReadOnlySpan<byte> bytes, BtfTypes? splitBase, string code = MalformedObjectException.InvalidBtf)
    {
        var header = BtfHeader.Read(bytes, code, Section);
        if (splitBase is not null && splitBase.IsBigEndian != header.IsBigEndian)
            throw new MalformedObjectException(code, Section, 0, "split BTF and its base have different byte orders");
        CheckStrings(bytes.Slice(header.StringsStart, header.StringsLength), header, splitBase, code);
        return header;
    }

    /// <summary>The string section must begin with the empty name and end with a NUL, so that every name inside is terminated.</summary>
    private static void CheckStrings(ReadOnlySpan<byte> strings, BtfHeader header, BtfTypes? splitBase, string code)
    {
        if (splitBase is not null && strings.IsEmpty) return;
        if (strings.IsEmpty || strings[^1] != 0)
            throw new MalformedObjectException(code, Section, header.StringsStart + Math.Max(strings.Length - 1, 0),
                "the strings do not end with a NUL");
        if (splitBase is null && strings[0] != 0)
            throw new MalformedObjectException(code, Section, header.StringsStart,
                "the strings do not begin with the empty name (as in the split BTF of a module, which is valid only with its "
                    + "kernel's BTF)");
    }

    /// <summary>
    /// The layout table (2026): bytes after the head and bytes per element of each kind, for kinds unknown here. Split BTF without one uses
    /// its base's (btf_type_size_unknown of libbpf).
    /// </summary>
    private static (byte Info, byte Element)[] LayoutOf(ReadOnlySpan<byte> bytes, BtfHeader header, BtfTypes? splitBase)
    {
        const int entry = 4;
        var own = bytes.Slice(header.LayoutStart, header.LayoutLength);
        var table = own.IsEmpty && splitBase is not null ? splitBase.LayoutTable : own;
        var layout = new (byte, byte)[table.Length / entry];
        for (var i = 0; i < layout.Length; i++) layout[i] = (table[i * entry], table[(i * entry) + 1]);
        return layout;
    }
}
