using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>zstd. Allows windows up to 128 MiB, as kernels use; the decoder refuses larger ones.</summary>
internal sealed class ZstdStream : ReadStream
{
    private readonly Decompressor _decoder = new();
    private ReadOnlyMemory<byte> _rest;
    private bool _ended;

    /// <param name="packed">The frames.</param>
    /// <param name="followed">Whether other bytes may follow; if so, only the first frame is read.</param>
    public ZstdStream(ReadOnlyMemory<byte> packed, bool followed) => _rest = packed[..Frames(packed.Span, followed)];

    public override int Read(Span<byte> buffer)
    {
        while (!_ended && !buffer.IsEmpty)
        {
            var status = _decoder.UnwrapStream(_rest.Span, buffer, out var consumed, out var written);
            _rest = _rest[consumed..];
            if (status == OperationStatus.InvalidData)
                throw new InvalidDataException("a frame is damaged, or needs a window of more than 128 MiB");
            _ended = status == OperationStatus.Done && _rest.IsEmpty;
            if (written > 0) return written;
            if (!_ended && consumed == 0) throw new EndOfStreamException("a frame ends early");
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _decoder.Dispose();
        base.Dispose(disposing);
    }

    // RFC 8878: a frame or a skippable frame.
    private static bool IsFrame(ReadOnlySpan<byte> rest) =>
        rest.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd])
            || (rest.Length >= 4 && (rest[0] & 0xf0) == 0x50 && rest[1..].StartsWith((ReadOnlySpan<byte>)[0x2a, 0x4d, 0x18]));

    // The decoder continues with the next frame by itself, but the last one may be followed by padding or a device tree. So this finds the
    // end first.
    private static int Frames(ReadOnlySpan<byte> packed, bool isFirstAlone)
    {
        var length = FirstFrame(packed);
        while (!isFirstAlone && IsFrame(packed[length..])) length += FirstFrame(packed[length..]);
        return length;
    }

    private static unsafe int FirstFrame(ReadOnlySpan<byte> packed)
    {
        fixed (byte* start = packed)
        {
            var length = Methods.ZSTD_findFrameCompressedSize(start, (nuint)packed.Length);
            return Methods.ZSTD_isError(length)
                ? throw new InvalidDataException($"its blocks do not end: {Methods.ZSTD_getErrorName(length)}")
                : (int)length;
        }
    }
}
