using System.Globalization;
using Relo.Core.Bytes;

namespace Relo.Core.Elf;

/// <summary>Explains what kind of file was sent instead of a BPF object, and what to send.</summary>
internal static class ForeignFile
{
    private const int MaxListed = 8;
    private const string Expected = "expected the object that clang -g -O2 -target bpf -c writes";

    /// <summary>One sentence; null if the kind of the file is unknown.</summary>
    public static string? Explain(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("\x7f"u8 + "ELF"u8)) return ExplainElf(file);
        if (FileKind.Of(file) is not { } kind) return null;
        return kind.Group switch
        {
            FileKindGroup.Coding =>
                $"it is compressed with {kind.Name}: send it with 'Content-Encoding: {kind.Name}', or decompress it first ({kind.Unpack})",
            FileKindGroup.Packed =>
                $"it is compressed with {kind.Name}: decompress it first ({kind.Unpack}), "
                + "or compress it with gzip or zstd and name that in Content-Encoding",
            FileKindGroup.Archive => $"it is {kind.Name}: send the BPF object inside it{(kind.Unpack is null ? "" : $" ({kind.Unpack})")}",
            FileKindGroup.Bitcode =>
                $"it is {kind.Name}, which clang -emit-llvm writes: "
                + "compile it further with llc -march=bpf -filetype=obj, or leave out -emit-llvm",
            FileKindGroup.Btf =>
                "it is raw BTF, which has no programs: add a kernel's BTF as a kernel; an object's BTF is in the object itself",
            FileKindGroup.Page => $"it is {kind.Name}, which web servers and proxies send instead of a missing file: check the download",
            FileKindGroup.LfsPointer => $"it is {kind.Name}: run 'git lfs pull' in the clone",
            _ => $"it is {kind.Name}; {Expected}",
        };
    }

    private static string ExplainElf(ReadOnlySpan<byte> file)
    {
        var what = Name(file);
        var inside = EmbeddedObjects.Find(file, MaxListed + 1);
        if (inside.Count == 0) return $"it is {what} and no BPF object was found inside it; {Expected}";
        var listed = inside.Take(MaxListed).Select(one =>
            string.Create(CultureInfo.InvariantCulture, $"{one.SizeBytes} bytes at offset {one.Offset} ({Sections(one)})"));
        var first = inside[0];
        var count = inside.Count > MaxListed ? $"more than {MaxListed}" : inside.Count.ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture,
            $"it is {what} that contains {count} BPF object{(inside.Count == 1 ? "" : "s")}: {string.Join(", ", listed)}; "
            + $"send one of them, extracted with: tail -c +{first.Offset + 1} FILE | head -c {first.SizeBytes} > first.bpf.o");
    }

    private static string Sections(EmbeddedObject one) =>
        one.SectionCount == 0 ? "no programs"
        : one.SectionCount > one.Sections.Count ? $"{string.Join(", ", one.Sections)} and {one.SectionCount - one.Sections.Count} more"
        : string.Join(", ", one.Sections);

    private static string Name(ReadOnlySpan<byte> file)
    {
        if (file.Length < 20) return "the beginning of an ELF file";
        var isBig = file[5] == 2;
        var (type, machine) = isBig
            ? ((file[16] << 8) | file[17], (file[18] << 8) | file[19])
            : (file[16] | (file[17] << 8), file[18] | (file[19] << 8));
        var kind = type switch
        {
            1 => "an object file",
            2 => "an executable",
            3 => "an executable or shared library",
            4 => "a core dump",
            _ => $"an ELF file of type {type}",
        };
        return $"{kind} for {MachineName(machine)}";
    }

    // e_machine (elf.h).
    private static string MachineName(int machine) => machine switch
    {
        3 => "i386",
        8 => "MIPS",
        21 => "ppc64",
        22 => "s390x",
        40 => "ARM",
        62 => "x86_64",
        183 => "arm64",
        243 => "RISC-V",
        247 => "BPF",
        258 => "LoongArch",
        _ => $"machine {machine}",
    };
}
