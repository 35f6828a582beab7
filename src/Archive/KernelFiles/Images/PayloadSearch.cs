using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>
/// Finds the compressed kernel in a boot image whose header does not locate it, by trying every compression magic.
/// </summary>
internal static class PayloadSearch
{
    // gzip's three-byte magic occurs by chance about once in 16 MiB. The limit covers nested images too, which would multiply the attempts.
    private const int MaxTried = 64;

    // No kernel is smaller; most false matches unpack to nothing.
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
                // lzma's magic is common in kernels, so its header is checked too.
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
            // A false match; try the next one.
        }

        unpacker.ReleaseSince(mark);
        return null;
    }
}
