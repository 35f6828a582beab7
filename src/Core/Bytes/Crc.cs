using System.Numerics;
using System.Runtime.InteropServices;

namespace Relo.Core.Bytes;

/// <summary>A checksum against accidental damage, by the processor's CRC-32C instruction: several bytes per cycle.</summary>
internal static class Crc
{
    /// <summary>
    /// CRC-32C of four interleaved lanes, then of the four results and the remaining bytes: the instruction has a latency of three cycles
    /// but starts one per cycle.
    /// </summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint a = ~0u, b = ~1u, c = ~2u, d = ~3u;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var at = 0;
        for (; words.Length - at >= 4; at += 4)
        {
            a = BitOperations.Crc32C(a, words[at]);
            b = BitOperations.Crc32C(b, words[at + 1]);
            c = BitOperations.Crc32C(c, words[at + 2]);
            d = BitOperations.Crc32C(d, words[at + 3]);
        }

        var all = BitOperations.Crc32C(BitOperations.Crc32C(BitOperations.Crc32C(a, b), c), d);
        foreach (var rest in bytes[(at * sizeof(ulong))..]) all = BitOperations.Crc32C(all, rest);
        return all;
    }
}
