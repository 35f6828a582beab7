using System.Buffers.Binary;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Import.Images;

/// <summary>Finds BTF among other bytes: by its magic, a header that fits, and then by checking all of it.</summary>
internal static class BtfSearch
{
    private const int MinHeaderBytes = 24, MaxHeaderBytes = 256;

    // A kernel has one; what else looks like one is chance, or somebody's idea of costing us time.
    private const int MaxChecked = 8;

    /// <summary>The longest sound BTF in the image; null where there is none.</summary>
    public static ReadOnlyMemory<byte>? Find(ReadOnlyMemory<byte> image, UnpackLimits limits, CancellationToken ct)
    {
        // The longest so far; an image may hold as many headers as it has room for.
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
        ReadOnlySpan<byte> image, ReadOnlySpan<byte> magic, bool isBigEndian, UnpackLimits limits, PriorityQueue<Range, (int, int)> ranges,
        CancellationToken ct)
    {
        for (var at = 0; image[at..].IndexOf(magic) is >= 0 and var next; at++)
        {
            ct.ThrowIfCancellationRequested();
            at += next;
            if (Length(image[at..], isBigEndian) is not { } length || length > limits.BtfBytes) continue;
            ranges.Enqueue(at..(int)(at + length), ((int)length, image.Length - at)); // of equal ones the first
            if (ranges.Count > MaxChecked) ranges.Dequeue(); // the shortest
        }
    }

    /// <summary>How long the BTF is that begins here: to the end of whichever part comes last; null where its header does not fit.</summary>
    private static long? Length(ReadOnlySpan<byte> rest, bool isBigEndian)
    {
        if (rest.Length < MinHeaderBytes) return null;
        var header = Word(rest, 4, isBigEndian);
        if (header is < MinHeaderBytes or > MaxHeaderBytes || header > (uint)rest.Length) return null;
        long end = Math.Max((long)Word(rest, 8, isBigEndian) + Word(rest, 12, isBigEndian), (long)Word(rest, 16, isBigEndian) + Word(rest, 20, isBigEndian));
        // The table of kind sizes, between types and strings as a rule.
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
            return false; // only looked like one
        }
    }

    // A kernel may carry BPF programs with BTF of their own (kernel/bpf/preload), and so do programs that load some: their data sections give them away.
    private static bool IsOfProgram(BtfTypes types)
    {
        for (var id = (uint)types.Count - 1; id > 0; id--)
        {
            var type = types[id];
            if (type.Kind == BtfKind.DataSec && (types.NameEquals(type.NameOffset, "license"u8) || types.NameEquals(type.NameOffset, ".maps"u8))) return true;
        }

        return false;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int at, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
