using Relo.Archive.Import.Unpacking;

namespace Relo.Archive.Import.Images;

/// <summary>Finds a packed kernel in a boot image whose header does not say where it is, by trying each place that begins like something packed.</summary>
internal static class PayloadSearch
{
    // Three bytes of gzip's magic turn up by chance once in 16 MiB. Of the image and of all that comes out of it: an image in an image in an image would multiply it.
    private const int MaxTried = 64;

    // No kernel is smaller; most of what is there by chance unpacks to nothing.
    private const int MinKernelBytes = 1 << 10;

    public static KernelFile? Find(ReadOnlyMemory<byte> image, Unpacker unpacker, int depth)
    {
        using var search = unpacker.Search();
        foreach (var compression in Compression.All)
        {
            var magic = compression.Magic.Span;
            for (var at = 0; unpacker.PlacesTried < MaxTried && image.Span[at..].IndexOf(magic) is >= 0 and var next; at++)
            {
                unpacker.Ct.ThrowIfCancellationRequested();
                at += next;
                // lzma's three bytes are all over a kernel: what is behind them decides whether they count.
                if (!compression.Recognises(image.Span[at..])) continue;
                unpacker.PlacesTried++;
                if (Try(image[at..], compression, unpacker, depth) is { } found) return found.In($"{compression.Name} in kernel image");
            }
        }

        return null;
    }

    private static KernelFile? Try(ReadOnlyMemory<byte> packed, Compression compression, Unpacker unpacker, int depth)
    {
        var mark = unpacker.Mark;
        try
        {
            var kernel = unpacker.Unpack(compression, packed, followed: true);
            if (kernel.Length >= MinKernelBytes) return KernelFileReader.ReadImage(kernel, unpacker, depth - 1);
        }
        catch (KernelFileException) when (!unpacker.IsSpent)
        {
            // Not packed, or no kernel: the next place may be.
        }

        unpacker.ReleaseSince(mark);
        return null;
    }
}
