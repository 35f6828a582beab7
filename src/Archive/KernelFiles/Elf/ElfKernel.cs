using System.Text;
using Relo.Archive.KernelFiles.Images;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;
using Relo.Core.Elf;

namespace Relo.Archive.KernelFiles.Elf;

/// <summary>
/// An ELF file: a kernel (vmlinux) with a <c>.BTF</c> section or with debug information to convert, or a module. The ELF header has the
/// architecture, and the banner (<c>Linux version 6.1.0-38-amd64 (…</c>) the release. BPF objects are refused.
/// </summary>
internal static class ElfKernel
{
    /// <summary>Inline sites of a kernel or module (kernels of 2026 and later).</summary>
    public static ReadOnlySpan<byte> InlineSection => ".BTF.inline"u8;

    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith(ElfHeader.Magic);

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker)
    {
        try
        {
            return Read(file, new ElfSections(file.Span), unpacker);
        }
        catch (MalformedObjectException e)
        {
            throw new KernelFileException($"the ELF is damaged: {e.Message}", e);
        }
    }

    private static KernelFile Read(ReadOnlyMemory<byte> file, ElfSections elf, Unpacker unpacker)
    {
        if (elf.Header.Machine == ElfHeader.Bpf)
            throw new KernelFileException("the file is a BPF object, not a kernel; expected a vmlinux or a module");
        if (elf.Header.Type == ElfHeader.Relocatable) return ElfModule.Read(file, elf, unpacker.Limits);
        if (elf.Header.Type is not (ElfHeader.Executable or ElfHeader.Shared))
            throw new KernelFileException($"the ELF has type {elf.Header.Type}, expected 2 or 3 (an executable, vmlinux) or 1 (a module)");
        var banner = KernelBanner.Find(file.Span);
        var inline = Part(file, elf, InlineSection, unpacker.Limits) ?? default;
        var btf = FindBtf(file, elf, banner, unpacker);
        return banner.Describe(new(btf, "vmlinux") { Arch = ElfMachine.Arch(elf.Header), Inline = inline });
    }

    private static ReadOnlyMemory<byte> FindBtf(ReadOnlyMemory<byte> file, ElfSections elf, KernelBanner banner, Unpacker unpacker)
    {
        if (Part(file, elf, ".BTF"u8, unpacker.Limits) is { } btf) return btf;
        // The section headers may be stripped. An ELF without a banner is a program that contains BTF, not a kernel.
        if (banner.Release is not null && BtfSearch.Find(file, unpacker.Limits, unpacker.Ct) is { } found) return found;
        if (elf.Find(".debug_info"u8) is { HasBytes: true }) return Pahole.MakeBtf(file, unpacker);
        throw new KernelFileException(WithoutBtf(file, elf, banner, unpacker));
    }

    private static string WithoutBtf(ReadOnlyMemory<byte> file, ElfSections elf, KernelBanner banner, Unpacker unpacker)
    {
        if (elf.Find(".BTF"u8) is not null)
            return "the ELF's section .BTF has no bytes (NOBITS), as in a file of debug information alone (objcopy --only-keep-debug); "
                + "send the vmlinux it was extracted from, or the kernel's vmlinuz";
        if (banner.Release is null)
            return "the ELF is a program, not a kernel: it does not contain 'Linux version'; expected a vmlinux, a boot image or a module";
        return KernelConfig.IsInAndLacksBtf(file, unpacker)
            ? $"the vmlinux has no BTF: {KernelConfig.BuiltWithout}; and it has no debug information to generate BTF from"
            : $"no BTF was found in the vmlinux, and it has no debug information to generate BTF from; {KernelConfig.Remedy}";
    }

    /// <summary>The bytes of a BTF section; null if it is missing or has no bytes in the file (NOBITS).</summary>
    public static ReadOnlyMemory<byte>? Part(ReadOnlyMemory<byte> file, ElfSections elf, ReadOnlySpan<byte> name, UnpackLimits limits)
    {
        if (elf.Find(name) is not { HasBytes: true } section) return null;
        var shown = Encoding.ASCII.GetString(name);
        if (section.IsCompressed)
            throw new KernelFileException(
                $"{shown} is compressed (SHF_COMPRESSED); expected a plain section, as the kernel's build writes it")
            {
                Code = Rejected.InvalidBtf,
            };
        if (section.Size > (ulong)limits.BtfBytes)
            throw new KernelFileException(
                $"{shown} has {section.Size} bytes, at most {limits.BtfBytes} are accepted")
            {
                Code = Rejected.InvalidBtf,
            };
        return section.DataIn(file);
    }
}
