using System.Text;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Core.Elf;

namespace Relo.Archive.KernelFiles.Elf;

/// <summary>
/// A kernel module (.ko) with split BTF. Its section <c>.modinfo</c> has <c>key=value</c> strings: <c>name</c>, and <c>vermagic</c>, which
/// begins with the release of its kernel.
/// </summary>
internal static class ElfModule
{
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
