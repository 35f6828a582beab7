using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Relo.Archive.Blobs;

/// <summary>zstd, with or without a dictionary of raw content. The result is one frame.</summary>
internal static class Zstd
{
    // Measured on stable forms of neighbouring kernels: level 12 takes half a second; level 19 takes four and saves a fifth.
    private const int DifferenceLevel = 12, AloneLevel = 19, QuickLevel = 3;
    private const int SmallestWindow = 20, LargestWindow = 27; // log2 of bytes; decoders accept up to 27 by default

    /// <summary>Compresses bytes alone.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> bytes, bool isQuick = false)
    {
        using var compressor = new Compressor(isQuick ? QuickLevel : AloneLevel);
        return compressor.Wrap(bytes).ToArray();
    }

    /// <summary>Compresses bytes as a difference to <paramref name="known"/>, which serves as the dictionary.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> known)
    {
        using var compressor = new Compressor(DifferenceLevel);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, WindowOf(bytes.Length + (long)known.Length));
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_enableLongDistanceMatching, 1);
        compressor.LoadDictionary(known);
        return compressor.Wrap(bytes).ToArray();
    }

    /// <summary>Decompresses a frame into exactly <paramref name="sizeBytes"/>, so a hostile frame cannot make it allocate more.</summary>
    /// <exception cref="ZstdException">The frame is damaged, or needs another dictionary.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> frame, int sizeBytes, ReadOnlySpan<byte> known = default)
    {
        using var decompressor = new Decompressor();
        if (!known.IsEmpty) decompressor.LoadDictionary(known);
        var bytes = new byte[sizeBytes];
        var written = decompressor.Unwrap(frame, bytes);
        return written == sizeBytes
            ? bytes
            : throw new ZstdException(ZSTD_ErrorCode.ZSTD_error_srcSize_wrong, $"the frame holds {written} bytes, expected {sizeBytes}");
    }

    private static int WindowOf(long bytes) =>
        Math.Clamp(64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)bytes), SmallestWindow, LargestWindow);
}
