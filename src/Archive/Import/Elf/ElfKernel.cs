using Relo.Archive.Import.Images;
using Relo.Archive.Import.Unpacking;

namespace Relo.Archive.Import.Elf;

/// <summary>
/// An ELF file: a kernel (vmlinux) with a <c>.BTF</c> section or debug information to make it of, or a module. The ELF header tells the
/// architecture, the kernel's banner (<c>Linux version 6.1.0-38-amd64 (…</c>) the release. BPF objects are told apart and refused.
/// </summary>
internal static class ElfKernel
{
    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith(ElfSections.Magic);

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker)
    {
        var elf = new ElfSections(file.Span);
        if (elf.Machine == ElfSections.BpfMachine) throw new KernelFileException("the file is a BPF object, not a kernel; expected a vmlinux or a module");
        if (elf.Type == ElfSections.RelocatableType) return ElfModule.Read(file, unpacker.Limits);
        if (elf.Type is not (ElfSections.ExecutableType or ElfSections.SharedType))
            throw new KernelFileException($"the ELF has type {elf.Type}, expected 2 or 3 (an executable, vmlinux) or 1 (a module)");
        var arch = elf.Arch;
        var btf = BtfSection(elf, unpacker.Limits) is { } range ? file[range]
            : elf.Find(".debug_info") is not null ? Pahole.MakeBtf(file, unpacker)
            : throw new KernelFileException("the ELF has no .BTF section: the kernel was built without CONFIG_DEBUG_INFO_BTF; and it has no debug information to make BTF of");
        return KernelBanner.Find(file.Span).Describe(new(btf, "vmlinux") { Arch = arch });
    }

    public static Range? BtfSection(ElfSections elf, UnpackLimits limits)
    {
        if (elf.Find(".BTF") is not { } range) return null;
        var size = range.End.Value - range.Start.Value;
        return size <= limits.BtfBytes ? range : throw new KernelFileException($".BTF has {size} bytes, at most {limits.BtfBytes} are taken") { Code = Rejected.InvalidBtf };
    }
}
