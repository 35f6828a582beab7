using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SharpFuzz.Common;

namespace Relo.Fuzz;

/// <summary>
/// Which branches an input went through. Instrumented assemblies count each pair of places that follow each other in a map of 64 KiB. Of
/// a count only the order of magnitude matters, as in AFL.
/// </summary>
internal static unsafe class Coverage
{
    private const int Places = 1 << 16;

    private static readonly byte[] Magnitude = Magnitudes();
    private static readonly byte[] Seen = new byte[Places];

    /// <summary>Whether this process runs instrumented assemblies.</summary>
    public static bool IsOn { get; private set; }

    /// <summary>Places that any input has reached.</summary>
    public static int Count { get; private set; }

    /// <summary>Hands out the map; call it before anything instrumented runs.</summary>
    public static void Begin()
    {
        Trace.SharedMem = (byte*)NativeMemory.AlignedAlloc(Places, 64);
        new Span<byte>(Trace.SharedMem, Places).Clear();
        IsOn = true;
    }

    /// <summary>
    /// After an input: whether it reached a place that none had reached, or reached one more often. Empties the map for the next input. Few
    /// of the 64 KiB are touched, so one pass reads them all and writes only those.
    /// </summary>
    public static bool TakeIsNew()
    {
        if (!IsOn) return false;
        var isNew = false;
        for (var at = 0; at < Places; at += 2 * Vector512<byte>.Count)
        {
            var vector = (Vector512<byte>*)(Trace.SharedMem + at);
            if ((vector[0] | vector[1]) == Vector512<byte>.Zero) continue;
            isNew |= TakePart(at);
            vector[0] = vector[1] = Vector512<byte>.Zero;
        }
        Trace.PrevLocation = 0;
        return isNew;
    }

    private static bool TakePart(int from)
    {
        var isNew = false;
        for (var at = from; at < from + (2 * Vector512<byte>.Count); at += sizeof(ulong))
            for (var word = *(ulong*)(Trace.SharedMem + at); word != 0;)
            {
                var shift = BitOperations.TrailingZeroCount(word) & ~7;
                isNew |= Note(at + (shift >> 3), Magnitude[(byte)(word >> shift)]);
                word &= ~(0xfful << shift);
            }
        return isNew;
    }

    private static bool Note(int place, byte magnitude)
    {
        if ((magnitude & ~Seen[place]) == 0) return false;
        if (Seen[place] == 0) Count++;
        Seen[place] |= magnitude;
        return true;
    }

    // 1, 2, 3, 4–7, 8–15, 16–31, 32–127, 128–255: a bit each.
    private static byte[] Magnitudes()
    {
        var magnitudes = new byte[256];
        for (var count = 1; count < 256; count++)
            magnitudes[count] = (byte)(1 << (count switch { 1 => 0, 2 => 1, 3 => 2, < 8 => 3, < 16 => 4, < 32 => 5, < 128 => 6, _ => 7 }));
        return magnitudes;
    }
}
