using System.Text;

namespace Relo.Archive.Import;

/// <summary>Recognises a kernel file by its content, never by its name, and takes the BTF out of it. One reader per container.</summary>
internal static class KernelFileReader
{
    // .tar inside .xz is the deepest there is.
    private const int MaxDepth = 2;

    /// <exception cref="KernelFileException">The file is none of the known kinds, or a damaged one.</exception>
    public static KernelFile Read(ReadOnlyMemory<byte> file, UnpackLimits limits, CancellationToken ct) => Read(file, limits, MaxDepth, ct);

    private static KernelFile Read(ReadOnlyMemory<byte> file, UnpackLimits limits, int depth, CancellationToken ct)
    {
        var head = file.Span;
        if (head.IsEmpty) throw new KernelFileException("the file is empty; expected raw BTF, .tar, .tar.xz or a vmlinux");
        if (RawBtf.Recognises(head)) return RawBtf.Read(file, limits);
        if (TarFile.Recognises(head)) return TarFile.Read(file, limits);
        if (ElfKernel.Recognises(head)) return ElfKernel.Read(file, limits);
        if (XzFile.Recognises(head) && depth > 1)
        {
            var inner = Read(XzFile.Unpack(file, limits, ct), limits, depth - 1, ct);
            return inner with { Container = inner.Container + " in xz" };
        }

        throw new KernelFileException(Unrecognised(head));
    }

    private static string Unrecognised(ReadOnlySpan<byte> head)
    {
        // What a clone without git-lfs has in place of every file.
        if (head.StartsWith("version https://git-lfs"u8)) return "the file is a Git LFS pointer, not the file itself; run 'git lfs pull' in the clone";
        var shown = head[..Math.Min(8, head.Length)];
        return $"the file begins with {Convert.ToHexStringLower(shown)} ('{Printable(shown)}'); expected raw BTF (9feb or eb9f), xz (fd377a585a00), tar, or ELF";
    }

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes) text.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
        return text.ToString();
    }
}
