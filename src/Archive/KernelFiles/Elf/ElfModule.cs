using System.Text;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Core.Bytes;
using Relo.Core.Elf;

namespace Relo.Archive.KernelFiles.Elf;

/// <summary>
/// A kernel module (.ko) with split BTF. Its section <c>.modinfo</c> has <c>key=value</c> strings: <c>name</c>, and <c>vermagic</c>, which
/// begins with the release of its kernel.
/// </summary>
internal static class ElfModule
{
    /// <summary>Reads a file that must be a module.</summary>
    /// <exception cref="KernelFileException">It is something else, or has no BTF.</exception>
    public static KernelFile Read(ReadOnlyMemory<byte> file, UnpackLimits limits)
    {
        if (!ElfKernel.Recognises(file.Span))
            throw new KernelFileException(
                $"it begins with {Convert.ToHexStringLower(file.Span[..Math.Min(8, file.Length)])}, expected a module (7f454c46, ELF)");
        try
        {
            var elf = new ElfSections(file.Span);
            return elf.Header is { Type: ElfHeader.Relocatable, Machine: not ElfHeader.Bpf }
                ? Read(file, elf, limits)
                : throw new KernelFileException(
                    $"the ELF has type {elf.Header.Type} and machine {elf.Header.Machine}, expected a module (type 1, no BPF object)");
        }
        catch (MalformedObjectException e)
        {
            throw new KernelFileException($"the ELF is damaged: {e.Message}", e);
        }
    }

    public static KernelFile Read(ReadOnlyMemory<byte> file, ElfSections elf, UnpackLimits limits)
    {
        if (elf.Find(".modinfo"u8) is not { HasBytes: true } info)
            throw new KernelFileException(
                "the ELF has type 1, an object file, and no section .modinfo; expected a kernel module or a vmlinux");
        if (ElfKernel.Part(file, elf, ".BTF"u8, limits) is not { } btf)
            throw new KernelFileException(
                "the module has no .BTF section: it was built without CONFIG_DEBUG_INFO_BTF_MODULES, or stripped; expected the "
                + "module from its package");
        var text = info.DataIn(file).Span;
        var name = Value(text, "name=") ?? throw new KernelFileException("the module's .modinfo has no name=");
        if (KernelName.Fault("module", name) is { } fault) throw new KernelFileException($"the module's .modinfo: {fault}");
        if (InlineSites.IsReserved(name)) throw new KernelFileException($"the module's .modinfo has name={name}, which is a reserved name");
        var release = Value(text, "vermagic=")?.Split(' ')[0];
        return new(btf, "module")
        {
            Module = name,
            // Out-of-tree modules (6.11 and later) have a distilled base; adding them relocates their BTF to the kernel's.
            DistilledBase = ElfKernel.Part(file, elf, ".BTF.base"u8, limits) ?? default,
            Inline = ElfKernel.Part(file, elf, ElfKernel.InlineSection, limits) ?? default,
            Release = release is not null && KernelName.Fault("release", release) is null ? release : null,
            Arch = ElfMachine.Arch(elf.Header),
        };
    }

    private static string? Value(ReadOnlySpan<byte> texts, string key)
    {
        var wanted = Encoding.ASCII.GetBytes(key);
        while (!texts.IsEmpty)
        {
            var end = texts.IndexOf((byte)0);
            var text = end < 0 ? texts : texts[..end];
            if (text.StartsWith(wanted)) return Encoding.Latin1.GetString(text[wanted.Length..]);
            texts = end < 0 ? default : texts[(end + 1)..];
        }

        return null;
    }
}
