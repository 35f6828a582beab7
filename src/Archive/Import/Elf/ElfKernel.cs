using Relo.Archive.Import.Images;
using Relo.Archive.Import.Unpacking;
using Relo.Archive.Kernels;

namespace Relo.Archive.Import.Elf;

/// <summary>
/// An ELF file: a kernel (vmlinux) with a <c>.BTF</c> section or debug information to make it of, or a module. The ELF header tells the
/// architecture, the kernel's banner (<c>Linux version 6.1.0-38-amd64 (…</c>) the release. BPF objects are told apart and refused.
/// </summary>
internal static class ElfKernel
{
    /// <summary>Where functions were inlined, in a kernel and in modules (kernels of 2026 and later).</summary>
    public const string InlineSection = ".BTF.inline";

    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith(ElfSections.Magic);

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker)
    {
        var elf = new ElfSections(file.Span);
        if (elf.Machine == ElfSections.BpfMachine) throw new KernelFileException("the file is a BPF object, not a kernel; expected a vmlinux or a module");
        if (elf.Type == ElfSections.RelocatableType) return ElfModule.Read(file, unpacker.Limits);
        if (elf.Type is not (ElfSections.ExecutableType or ElfSections.SharedType))
            throw new KernelFileException($"the ELF has type {elf.Type}, expected 2 or 3 (an executable, vmlinux) or 1 (a module)");
        var arch = elf.Arch;
        var banner = KernelBanner.Find(file.Span);
        return banner.Describe(new(FindBtf(file, elf, banner, unpacker), "vmlinux") { Arch = arch, Inline = Part(file, elf, InlineSection, unpacker.Limits) });
    }

    private static ReadOnlyMemory<byte> FindBtf(ReadOnlyMemory<byte> file, ElfSections elf, KernelBanner banner, Unpacker unpacker)
    {
        if (BtfSection(elf, unpacker.Limits) is { } range) return file[range];
        // Without section headers, or under another name: the running kernel needs neither. Without a banner it is a program that carries some BTF.
        if (banner.Release is not null && BtfSearch.Find(file, unpacker.Limits, unpacker.Ct) is { } found) return found;
        if (elf.Find(".debug_info") is not null) return Pahole.MakeBtf(file, unpacker);
        throw new KernelFileException(WithoutBtf(file, elf, banner, unpacker));
    }

    private static string WithoutBtf(ReadOnlyMemory<byte> file, ElfSections elf, KernelBanner banner, Unpacker unpacker) =>
        banner.Release is null && !elf.HasSection(".BTF") ? "the ELF is a program and no kernel: nowhere does it say 'Linux version'; expected a vmlinux, a boot image or a module"
        : elf.HasSection(".BTF") ? "the ELF's section .BTF has no bytes (NOBITS), as in a file of debug information alone (objcopy --only-keep-debug); send the vmlinux it was made of, or the kernel's vmlinuz"
        : KernelConfig.IsInAndLacksBtf(file, unpacker) ? $"the vmlinux holds no BTF: {KernelConfig.BuiltWithout}; and it has no debug information to make BTF of"
        : $"no BTF was found in the vmlinux, and it has no debug information to make BTF of; {KernelConfig.Remedy}";

    /// <summary>The bytes of a section that goes with <c>.BTF</c>; none where it is not there.</summary>
    public static ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> file, ElfSections elf, string name, UnpackLimits limits) =>
        BtfSection(elf, limits, name) is { } range ? file[range] : default;

    public static Range? BtfSection(ElfSections elf, UnpackLimits limits, string name = ".BTF")
    {
        if (elf.Find(name) is not { } range) return null;
        var size = range.End.Value - range.Start.Value;
        return size <= limits.BtfBytes ? range : throw new KernelFileException($"{name} has {size} bytes, at most {limits.BtfBytes} are taken") { Code = Rejected.InvalidBtf };
    }
}
