namespace Relo.Core.Bytes;

/// <summary>The kind of a file, recognised by its first bytes: for messages about unexpected files.</summary>
/// <param name="Name">With its article: <c>an LLVM bitcode file</c>.</param>
/// <param name="Group">What the user can do with it.</param>
/// <param name="Unpack">The command that unpacks it, if there is one.</param>
public sealed record FileKind(string Name, FileKindGroup Group, string? Unpack = null)
{
    private const int TarMagicAt = 257, Ext4MagicAt = 0x438, IsoMagicAt = 0x8001;

    private static readonly (byte[] Magic, FileKind Kind)[] _known =
    [
        ([0x1f, 0x8b], new("gzip", FileKindGroup.Coding, "gunzip")),
        ([0x28, 0xb5, 0x2f, 0xfd], new("zstd", FileKindGroup.Coding, "zstd -d")),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a], new("xz", FileKindGroup.Packed, "xz -d")),
        ([0x04, 0x22, 0x4d, 0x18], new("lz4", FileKindGroup.Packed, "lz4 -d")),
        ([0x02, 0x21, 0x4c, 0x18], new("lz4", FileKindGroup.Packed, "lz4 -d")),
        ("BZh"u8.ToArray(), new("bzip2", FileKindGroup.Packed, "bunzip2")),
        ([0x89, (byte)'L', (byte)'Z', (byte)'O', 0], new("lzop", FileKindGroup.Packed, "lzop -d")),
        ("LZIP"u8.ToArray(), new("lzip", FileKindGroup.Packed, "lzip -d")),
        ([0x1f, 0x9d], new("compress", FileKindGroup.Packed, "uncompress")),
        ("PK\x03\x04"u8.ToArray(), new("a zip archive", FileKindGroup.Archive, "unzip")),
        ([(byte)'7', (byte)'z', 0xbc, 0xaf], new("a 7z archive", FileKindGroup.Archive, "7z x")),
        ("!<arch>\n"u8.ToArray(), new("an ar archive (.a, .deb)", FileKindGroup.Archive, "ar x")),
        ([0xed, 0xab, 0xee, 0xdb], new("an rpm package", FileKindGroup.Archive, "rpm2cpio FILE | cpio -id")),
        ("070701"u8.ToArray(), new("a cpio archive (an initramfs)", FileKindGroup.Archive, "cpio -id <")),
        ("070702"u8.ToArray(), new("a cpio archive (an initramfs)", FileKindGroup.Archive, "cpio -id <")),
        ("ADBd"u8.ToArray(), new("an Alpine package of version 3", FileKindGroup.Archive, "apk extract")),
        ("hsqs"u8.ToArray(), new("a squashfs image", FileKindGroup.Archive, "unsquashfs")),
        ([(byte)'Q', (byte)'F', (byte)'I', 0xfb], new("a qcow2 disk image", FileKindGroup.Archive)),
        ("KDMV"u8.ToArray(), new("a VMDK disk image", FileKindGroup.Archive)),
        ([0x3a, 0xff, 0x26, 0xed], new("an Android sparse image", FileKindGroup.Archive, "simg2img")),
        ("VNDRBOOT"u8.ToArray(), new("an Android vendor_boot image, which contains no kernel", FileKindGroup.Archive)),
        ("KDUMP   "u8.ToArray(), new("a kdump memory image", FileKindGroup.Other)),
        ([(byte)'B', (byte)'C', 0xc0, 0xde], new("LLVM bitcode", FileKindGroup.Bitcode)),
        ([0xde, 0xc0, 0x17, 0x0b], new("LLVM bitcode", FileKindGroup.Bitcode)),
        ("; ModuleID"u8.ToArray(), new("LLVM assembly", FileKindGroup.Bitcode)),
        ([0x9f, 0xeb, 1], new("raw BTF", FileKindGroup.Btf)),
        ([0xeb, 0x9f, 1], new("raw BTF", FileKindGroup.Btf)),
        ([0xd0, 0x0d, 0xfe, 0xed], new("a device tree", FileKindGroup.Other)),
        ("MZ"u8.ToArray(), new("a PE program (Windows, EFI)", FileKindGroup.Other)),
        ([0xcf, 0xfa, 0xed, 0xfe], new("a Mach-O file (macOS)", FileKindGroup.Other)),
        ([0xca, 0xfe, 0xba, 0xbe], new("a Mach-O file (macOS)", FileKindGroup.Other)),
        ("%PDF"u8.ToArray(), new("a PDF", FileKindGroup.Other)),
        ("#!"u8.ToArray(), new("a script", FileKindGroup.Text)),
        ("version https://git-lfs"u8.ToArray(), new("a Git LFS pointer, not the file itself", FileKindGroup.LfsPointer)),
    ];

    /// <summary>The kind of a file by its first bytes; null if unknown.</summary>
    public static FileKind? Of(ReadOnlySpan<byte> file)
    {
        foreach (var (magic, kind) in _known)
            if (file.StartsWith(magic)) return kind;
        if (IsAt(file, TarMagicAt, "ustar"u8)) return new("a tar archive", FileKindGroup.Archive, "tar xf");
        if (IsAt(file, IsoMagicAt, "CD001"u8)) return new("an ISO 9660 image", FileKindGroup.Archive);
        if (IsAt(file, Ext4MagicAt, [0x53, 0xef])) return new("an ext4 file system", FileKindGroup.Archive);
        return OfText(file[..Math.Min(file.Length, 512)]);
    }

    private static bool IsAt(ReadOnlySpan<byte> file, int at, ReadOnlySpan<byte> magic) => file.Length > at && file[at..].StartsWith(magic);

    private static FileKind? OfText(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty) return null;
        foreach (var b in head)
            if (b is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0c)) return null;
        var text = head.TrimStart(" \t\r\n"u8);
        return text.StartsWith("<!"u8) || text.StartsWith("<html"u8) || text.StartsWith("<HTML"u8) ? new("an HTML page", FileKindGroup.Page)
            : text.StartsWith("{"u8) || text.StartsWith("["u8) ? new("JSON text", FileKindGroup.Page)
            : text.IndexOf("#include"u8) >= 0 || text.StartsWith("/*"u8) || text.StartsWith("//"u8) ? new("C source", FileKindGroup.Text)
            : new("text", FileKindGroup.Text);
    }
}
