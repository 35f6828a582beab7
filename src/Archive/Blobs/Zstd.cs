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

    /// <summary>
    /// Decompresses a frame, which must fill <paramref name="bytes"/> exactly, so a hostile frame cannot make it allocate more.
    /// <see cref="Decompressor"/> would copy the dictionary first.
    /// </summary>
    /// <exception cref="ZstdException">The frame is damaged, or needs another dictionary.</exception>
    public static unsafe void Decompress(ReadOnlySpan<byte> frame, Span<byte> bytes, ReadOnlySpan<byte> known = default)
    {
        var context = Methods.ZSTD_createDCtx();
        if (context is null) throw new InsufficientMemoryException("zstd has no memory for its context");
        try
        {
            fixed (byte* from = frame, prefix = known, to = bytes)
            {
                if (!known.IsEmpty) Checked(Methods.ZSTD_DCtx_refPrefix(context, prefix, (nuint)known.Length));
                var written = Checked(Methods.ZSTD_decompressDCtx(context, to, (nuint)bytes.Length, from, (nuint)frame.Length));
                if (written != (nuint)bytes.Length)
                    throw new ZstdException(
                        ZSTD_ErrorCode.ZSTD_error_srcSize_wrong, $"the frame holds {written} bytes, expected {bytes.Length}");
            }
        }
        finally
        {
            Methods.ZSTD_freeDCtx(context);
        }
    }

    private static nuint Checked(nuint result) => Methods.ZSTD_isError(result)
        ? throw new ZstdException(Methods.ZSTD_getErrorCode(result), Methods.ZSTD_getErrorName(result))
        : result;

    private static int WindowOf(long bytes) =>
        Math.Clamp(64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)bytes), SmallestWindow, LargestWindow);
}
