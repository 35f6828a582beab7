using System.Buffers.Binary;
using Relo.Core.Btf;
using Relo.Core.Fingerprints;

namespace Relo.Archive.Layouts;

/// <summary>The bytes of a block of layouts: kind and name of each, sorted, then the fingerprints.</summary>
internal static class LayoutBlock
{
    // A kernel that was never deduplicated has 50,000 names.
    private const int MaxBytes = 256 << 20;

    /// <summary>Sorts layouts into the order of their numbers, and writes them.</summary>
    public static byte[] Write(NamedFingerprint[] layouts)
    {
        Array.Sort(layouts, (one, other) =>
            one.Kind != other.Kind ? one.Kind.CompareTo(other.Kind) : one.Name.SequenceCompareTo(other.Name));
        var bytes = new MemoryStream();
        foreach (ref readonly var layout in layouts.AsSpan())
        {
            bytes.WriteByte((byte)layout.Kind);
            bytes.Write(layout.Name);
            bytes.WriteByte(0);
        }

        Span<byte> value = stackalloc byte[sizeof(ulong)];
        foreach (ref readonly var layout in layouts.AsSpan())
        {
            BinaryPrimitives.WriteUInt64LittleEndian(value, layout.Fingerprint.Value);
            bytes.Write(value);
        }

        return Packed.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>The layouts, in the order of their numbers.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a block.</exception>
    public static (ulong Key, ulong Fingerprint)[] Read(byte[] packed, int count)
    {
        var layouts = new (ulong, ulong)[count];
        var next = 0;
        Read(packed, count, (kind, name, fingerprint) => layouts[next++] = (LayoutName.KeyOf(kind, name), fingerprint));
        return layouts;
    }

    /// <summary>The same with the names.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a block.</exception>
    public static void Read(byte[] packed, int count, ReadLayout read)
    {
        var bytes = Packed.Read(packed, MaxBytes).AsSpan();
        var names = bytes[..Math.Max(bytes.Length - (count * sizeof(ulong)), 0)];
        var values = bytes[names.Length..];
        for (var i = 0; i < count; i++)
        {
            var end = names.Length < 2 ? -1 : names[1..].IndexOf((byte)0);
            if (end < 0) throw new InvalidDataException("a block of layouts is cut off");
            read((BtfKind)names[0], names.Slice(1, end), BinaryPrimitives.ReadUInt64LittleEndian(values[(i * sizeof(ulong))..]));
            names = names[(end + 2)..];
        }
    }

    /// <summary>Receives a layout.</summary>
    public delegate void ReadLayout(BtfKind kind, ReadOnlySpan<byte> name, ulong fingerprint);
}
