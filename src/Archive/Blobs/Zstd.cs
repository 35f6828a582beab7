using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Relo.Archive.Blobs;

/// <summary>zstd, with or without a dictionary of raw content. The result is one frame.</summary>
internal static class Zstd
{
    // Measured on stable forms of neighbouring kernels: level 12 takes half a second; level 19 takes four and saves a fifth.
    private const int DifferenceLevel = 19, QuickDifferenceLevel = 12, AloneLevel = 19, QuickLevel = 3;
    private const int SmallestWindow = 20, LargestWindow = 27; // log2 of bytes; decoders accept up to 27 by default

    /// <summary>Compresses bytes alone.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> bytes, bool isQuick = false)
    {
        using var compressor = new Compressor(isQuick ? QuickLevel : AloneLevel);
        return compressor.Wrap(bytes).ToArray();
    }

    /// <summary>
    /// Compresses bytes as a difference to <paramref name="known"/>, which serves as the dictionary. Needs 90 MB of memory for a kernel;
    /// <see cref="Compressor"/> would need 190 MB, because it indexes a dictionary separately to use it again.
    /// </summary>
    public static unsafe byte[] Compress(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> known, bool isQuick = false)
    {
        var context = Methods.ZSTD_createCCtx();
        if (context is null) throw new InsufficientMemoryException("zstd has no memory for its context");
        try
        {
            var level = isQuick ? QuickDifferenceLevel : DifferenceLevel;
            Checked(Methods.ZSTD_CCtx_setParameter(context, ZSTD_cParameter.ZSTD_c_compressionLevel, level));
            var window = WindowOf(bytes.Length + (long)known.Length);
            Checked(Methods.ZSTD_CCtx_setParameter(context, ZSTD_cParameter.ZSTD_c_windowLog, window));
            var frame = new byte[Compressor.GetCompressBound(bytes.Length)];
            fixed (byte* from = bytes, prefix = known, to = frame)
            {
                Checked(Methods.ZSTD_CCtx_refPrefix(context, prefix, (nuint)known.Length));
                var length = Checked(Methods.ZSTD_compress2(context, to, (nuint)frame.Length, from, (nuint)bytes.Length));
                return frame[..(int)length];
            }
        }
        finally
        {
            Methods.ZSTD_freeCCtx(context);
        }
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

    private static nuint Checked(nuint result) => Methods.ZSTD_isError(result)
        ? throw new ZstdException(Methods.ZSTD_getErrorCode(result), Methods.ZSTD_getErrorName(result))
        : result;

    private static int WindowOf(long bytes) =>
        Math.Clamp(64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)bytes), SmallestWindow, LargestWindow);
}
