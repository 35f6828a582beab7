using SharpCompress.Common;
using ZstdSharp;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>
/// Wraps a decoder: enforces the limits and cancellation, and turns all decoder exceptions for damaged input into one that says what is
/// damaged.
/// </summary>
/// <param name="decoder">The decoder; disposed with this.</param>
/// <param name="name">What it decodes, for messages.</param>
/// <param name="packedBytes">Number of compressed bytes.</param>
/// <param name="most">The output limit.</param>
/// <param name="unpacker">The owner of the budget.</param>
internal sealed class UnpackedStream(Stream decoder, string name, long packedBytes, long most, Unpacker unpacker) : ReadStream
{
    // The caller can cancel between pieces.
    private const int PieceBytes = 64 << 10;

    private long _total;

    public override int Read(Span<byte> buffer)
    {
        unpacker.Ct.ThrowIfCancellationRequested();
        if (buffer.Length > PieceBytes) buffer = buffer[..PieceBytes];
        var read = Decode(buffer);
        if (read > most - _total)
            throw new KernelFileException(
                $"the {name} of {packedBytes} bytes decompresses to more than {most} bytes, the limit");
        unpacker.Spend(read);
        _total += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) decoder.Dispose();
        base.Dispose(disposing);
    }

    private int Decode(Span<byte> buffer)
    {
        try
        {
            return decoder.Read(buffer);
        }
        catch (Exception e) when (IsDecoders(e))
        {
            throw new KernelFileException($"the {name} is truncated or damaged after {_total} unpacked bytes: {e.Message}", e);
        }
    }

    // The exceptions of the decoders for damaged input, found by truncating and flipping bits of real files. Any other is a bug.
    internal static bool IsDecoders(Exception e) =>
        e is SharpCompressException or ZstdException or InvalidDataException or EndOfStreamException or InvalidOperationException
            or IndexOutOfRangeException
            or ArgumentException or OverflowException or NotImplementedException or NotSupportedException;
}
