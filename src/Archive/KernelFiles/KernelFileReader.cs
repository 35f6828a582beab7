using System.Text;
using Relo.Archive.KernelFiles.Elf;
using Relo.Archive.KernelFiles.Images;
using Relo.Archive.KernelFiles.Packages;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Core.Bytes;

namespace Relo.Archive.KernelFiles;

/// <summary>Recognises a kernel file by its content, not its name, and extracts the BTF. One reader per container.</summary>
internal static class KernelFileReader
{
    // The deepest known nesting is a package with a zboot image with a compressed Image; one more for files compressed again.
    private const int MaxDepth = 4;

    private const string Expected =
        "raw BTF (9feb or eb9f), .btf.tar.xz, a vmlinux (ELF), a boot image (vmlinuz, Image, UKI, Android, FIT, uImage), "
        + "a kernel's package (.deb, .rpm, .apk, .pkg.tar.zst, tar-pkg), a module, "
        + "or one of these in gzip, xz, zstd, lz4, lzma, bzip2";

    /// <exception cref="KernelFileException">The file is unknown, damaged, or exceeds the limits.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static KernelFile Read(ReadOnlyMemory<byte> file, ReadSettings settings, CancellationToken ct)
    {
        using var time = new CancellationTokenSource(settings.Time);
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(ct, time.Token);
        using var unpacker = new Unpacker(settings, timed.Token);
        try
        {
            var read = Read(file, unpacker, MaxDepth);
            // The unpacker's memory is about to be released; the caller's is not.
            return unpacker.Mark == 0 ? read : read.Detached();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new KernelFileException($"reading the file took longer than {settings.Time.TotalSeconds} s (Archive:UnpackTimeout)")
            {
                IsPassing = true,
            };
        }
    }

    /// <summary>Reads a file found inside another.</summary>
    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker, int depth) => Read(file, unpacker, depth, isKernel: false);

    /// <summary>Reads the part that a container declares to be its kernel, even if it has no known magic.</summary>
    public static KernelFile ReadPart(ReadOnlyMemory<byte> kernel, Unpacker unpacker, int depth) =>
        Read(kernel, unpacker, depth, isKernel: true);

    private static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker, int depth, bool isKernel)
    {
        var head = file.Span;
        if (head.IsEmpty) throw new KernelFileException($"the file is empty; expected {Expected}");
        if (RawBtf.Recognises(head)) return RawBtf.Read(file, unpacker.Limits);
        if (TarFile.Recognises(head))
            return depth > 0 && TarPackage.Recognises(file, unpacker.Ct)
                ? TarPackage.Read(file, unpacker, depth)
                : TarFile.Read(file, unpacker.Limits, unpacker.Ct);
        if (ElfKernel.Recognises(head)) return ReadElf(file, unpacker);
        if (depth == 0) throw new KernelFileException("the file is compressed in more layers than any kernel");
        if (DebPackage.Recognises(head)) return DebPackage.Read(file, unpacker, depth);
        if (RpmPackage.Recognises(head)) return RpmPackage.Read(file, unpacker, depth);
        if (BzImage.Recognises(head)) return BzImage.Read(file, unpacker, depth);
        if (EfiZboot.Recognises(head)) return EfiZboot.Read(file, unpacker, depth);
        if (UnifiedImage.Recognises(head)) return UnifiedImage.Read(file, unpacker, depth);
        if (AndroidBoot.Recognises(head)) return AndroidBoot.Read(file, unpacker, depth);
        if (UBootImage.Recognises(head)) return UBootImage.Read(file, unpacker, depth);
        if (FitImage.Recognises(head)) return FitImage.Read(file, unpacker, depth);
        if (Compression.Of(head) is { } compression)
            return Read(unpacker.Unpack(compression, file, isKernel), unpacker, depth - 1, isKernel).In(compression.Name);
        if (isKernel || BootImage.Recognises(head)) return BootImage.Read(file, unpacker, depth);
        throw new KernelFileException(Unrecognised(head));
    }

    /// <summary>Reads the payload of a boot image: a kernel, even if it has no known magic.</summary>
    public static KernelFile ReadImage(ReadOnlyMemory<byte> kernel, Unpacker unpacker, int depth) =>
        ElfKernel.Recognises(kernel.Span) ? ReadElf(kernel, unpacker) : BootImage.Read(kernel, unpacker, depth);

    private static KernelFile ReadElf(ReadOnlyMemory<byte> elf, Unpacker unpacker)
    {
        var read = ElfKernel.Read(elf, unpacker);
        return read.Module is null ? read with { BuildId = BuildIdNote.OfVmlinux(elf) } : read;
    }

    private static string Unrecognised(ReadOnlySpan<byte> head)
    {
        var shown = head[..Math.Min(8, head.Length)];
        var begins = $"the file begins with {Convert.ToHexStringLower(shown)} ('{Printable(shown)}')";
        return FileKind.Of(head) switch
        {
            { Group: FileKindGroup.LfsPointer } pointer => $"the file is {pointer.Name}; run 'git lfs pull' in the clone",
            { Group: FileKindGroup.Packed or FileKindGroup.Coding } packed =>
                $"the file is compressed with {packed.Name}, which is not supported; decompress it first ({packed.Unpack})",
            { Group: FileKindGroup.Archive } archive =>
                $"the file is {archive.Name}; extract the kernel (vmlinuz, Image, vmlinux, or its package)"
                + $"{(archive.Unpack is null ? "" : $" ({archive.Unpack})")} and send that",
            { } other => $"{begins}: it is {other.Name}; expected {Expected}",
            null => $"{begins}; expected {Expected}",
        };
    }

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes) text.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
        return text.ToString();
    }
}
