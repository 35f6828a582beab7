using SharpCompress.Common;
using SharpCompress.Compressors.Xz;

namespace Relo.Archive.Import;

/// <summary>xz, as BTFHub packs with. The managed decoder is right for plain LZMA2; a kernel image's x86 filter it refuses loudly.</summary>
internal static class XzFile
{
    private const int PieceBytes = 64 << 10;

    private static ReadOnlySpan<byte> Magic => [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0x00];

    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith(Magic);

    /// <summary>All that the file unpacks to, up to the limits. No decoder has a limit of its own, so the bytes are counted as they come.</summary>
    public static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> file, UnpackLimits limits, CancellationToken ct)
    {
        var most = limits.For(file.Length);
        var output = new MemoryStream();
        var piece = new byte[PieceBytes];
        try
        {
            using var xz = new XZStream(MemoryStreams.Over(file));
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                var read = xz.Read(piece, 0, piece.Length);
                if (read == 0) break;
                if (read > most - output.Length)
                    throw new KernelFileException($"the xz of {file.Length} bytes unpacks to more than {most} bytes, which no kernel's BTF needs");
                output.Write(piece, 0, read);
            }
        }
        catch (Exception e) when (IsDecoders(e))
        {
            throw new KernelFileException($"the xz is truncated or damaged behind {output.Length} unpacked bytes: {e.Message}", e);
        }

        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    // What the decoder is known to throw for damaged input, found by cutting and flipping bits of real files; anything else is a defect of ours.
    private static bool IsDecoders(Exception e) =>
        e is SharpCompressException or InvalidDataException or EndOfStreamException or InvalidOperationException
            or IndexOutOfRangeException or ArgumentException or OverflowException or NotImplementedException or NotSupportedException;
}
