using SharpCompress.Common;
using ZstdSharp;

namespace Relo.Archive.Import.Unpacking;

/// <summary>
/// What a decoder gives, counted: it stops at the limits and when it is cancelled, and whatever a decoder throws for damaged input becomes
/// one exception that says what is damaged.
/// </summary>
/// <param name="decoder">The decoder; disposed with this.</param>
/// <param name="name">What it decodes, for messages.</param>
/// <param name="packedBytes">How many bytes are packed.</param>
/// <param name="most">It may become so many.</param>
/// <param name="unpacker">Whose budget it draws on.</param>
internal sealed class UnpackedStream(Stream decoder, string name, long packedBytes, long most, Unpacker unpacker) : ReadStream
{
    // Between two pieces the caller may cancel.
    private const int PieceBytes = 64 << 10;

    private long _total;

    public override int Read(Span<byte> buffer)
    {
        unpacker.Ct.ThrowIfCancellationRequested();
        if (buffer.Length > PieceBytes) buffer = buffer[..PieceBytes];
        var read = Decode(buffer);
        if (read > most - _total) throw new KernelFileException($"the {name} of {packedBytes} bytes unpacks to more than {most} bytes, which is more than is taken");
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
            throw new KernelFileException($"the {name} is truncated or damaged behind {_total} unpacked bytes: {e.Message}", e);
        }
    }

    // What the decoders are known to throw for damaged input, found by cutting and flipping bits of real files; anything else is a defect of ours.
    internal static bool IsDecoders(Exception e) =>
        e is SharpCompressException or ZstdException or InvalidDataException or EndOfStreamException or InvalidOperationException or IndexOutOfRangeException
            or ArgumentException or OverflowException or NotImplementedException or NotSupportedException;
}
