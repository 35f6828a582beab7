using System.Buffers.Binary;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>Finds BTF among other bytes by its magic and header, then validates it.</summary>
internal static class BtfSearch
{
    private const int MinHeaderBytes = 24, MaxHeaderBytes = 256;

    // A kernel has one; other matches are accidental, or an attempt to waste CPU time.
    private const int MaxChecked = 8;

    /// <summary>The longest valid BTF in the image, or null.</summary>
    public static ReadOnlyMemory<byte>? Find(ReadOnlyMemory<byte> image, UnpackLimits limits, CancellationToken ct)
    {
        // The longest so far; an image may contain very many headers.
        var ranges = new PriorityQueue<Range, (int Length, int BeforeEnd)>(MaxChecked + 1);
        Collect(image.Span, [0x9f, 0xeb, 1, 0], isBigEndian: false, limits, ranges, ct);
        Collect(image.Span, [0xeb, 0x9f, 1, 0], isBigEndian: true, limits, ranges, ct);
        foreach (var (range, _) in ranges.UnorderedItems.OrderByDescending(r => r.Priority))
        {
            ct.ThrowIfCancellationRequested();
            if (IsSound(image[range])) return image[range];
        }

        return null;
    }

    private static void Collect(
        ReadOnlySpan<byte> image, ReadOnlySpan<byte> magic, bool isBigEndian, UnpackLimits limits,
        PriorityQueue<Range, (int, int)> ranges, CancellationToken ct)
    {
        for (var at = 0; image[at..].IndexOf(magic) is >= 0 and var next; at++)
        {
            ct.ThrowIfCancellationRequested();
            at += next;
            if (Length(image[at..], isBigEndian) is not { } length || length > limits.BtfBytes) continue;
            ranges.Enqueue(at..(int)(at + length), ((int)length, image.Length - at)); // the first of equal ones
            if (ranges.Count > MaxChecked) ranges.Dequeue(); // the shortest
        }
    }

    /// <summary>
    /// The length of the BTF that begins here, to the end of its last part; null if the header is invalid.
    /// </summary>
    private static long? Length(ReadOnlySpan<byte> rest, bool isBigEndian)
    {
        if (rest.Length < MinHeaderBytes) return null;
        var header = Word(rest, 4, isBigEndian);
        if (header is < MinHeaderBytes or > MaxHeaderBytes || header > (uint)rest.Length) return null;
        var end = Math.Max(
            (long)Word(rest, 8, isBigEndian) + Word(rest, 12, isBigEndian),
            (long)Word(rest, 16, isBigEndian) + Word(rest, 20, isBigEndian));
        // The kind layout table, usually between types and strings.
        if (header >= 32) end = Math.Max(end, (long)Word(rest, 24, isBigEndian) + Word(rest, 28, isBigEndian));
        return end <= rest.Length - header ? header + end : null;
    }

    private static bool IsSound(ReadOnlyMemory<byte> btf)
    {
        try
        {
            var types = BtfReader.Read(btf);
            return types.Count > 1 && !IsOfProgram(types);
        }
        catch (MalformedObjectException)
        {
            return false; // a false match
        }
    }

    // A kernel can contain BPF programs with their own BTF (kernel/bpf/preload), recognisable by their data sections.
    private static bool IsOfProgram(BtfTypes types)
    {
        for (var id = (uint)types.Count - 1; id > 0; id--)
        {
            var type = types[id];
            if (type.Kind == BtfKind.DataSec
                && (types.NameEquals(type.NameOffset, "license"u8) || types.NameEquals(type.NameOffset, ".maps"u8)))
                return true;
        }

        return false;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int at, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
