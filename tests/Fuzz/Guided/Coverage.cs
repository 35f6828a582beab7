using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Relo.Fuzz;

/// <summary>
/// Which branches an input went through. Instrumented assemblies count each pair of places that follow each other in a map of 64 KiB; how often
/// matters by its order of magnitude only, as AFL has it.
/// </summary>
internal static unsafe class Coverage
{
    private const int Places = 1 << 16;

    private static readonly byte[] Magnitude = Magnitudes();
    private static readonly byte[] Seen = new byte[Places];

    /// <summary>Whether this process runs instrumented assemblies.</summary>
    public static bool IsOn { get; private set; }

    /// <summary>Places that any input has been to.</summary>
    public static int Count { get; private set; }

    /// <summary>Gives the map out; before anything instrumented runs.</summary>
    public static void Begin()
    {
        Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(Places);
        IsOn = true;
    }

    /// <summary>Before an input.</summary>
    public static void Reset()
    {
        if (!IsOn) return;
        new Span<byte>(Trace.SharedMem, Places).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>After an input: whether it went where none had been, or more often.</summary>
    public static bool IsNew()
    {
        if (!IsOn) return false;
        var map = new Span<byte>(Trace.SharedMem, Places);
        var isNew = false;
        var words = MemoryMarshal.Cast<byte, ulong>(map);
        for (var w = 0; w < words.Length; w++)
        {
            if (words[w] == 0) continue;
            for (var i = w * 8; i < (w + 1) * 8; i++)
            {
                var magnitude = Magnitude[map[i]];
                if ((magnitude & ~Seen[i]) == 0) continue;
                if (Seen[i] == 0) Count++;
                Seen[i] |= magnitude;
                isNew = true;
            }
        }
        return isNew;
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
