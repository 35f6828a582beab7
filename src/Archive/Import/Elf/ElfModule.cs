using System.Text;
using Relo.Archive.Kernels;
using Relo.Archive.Opened;

namespace Relo.Archive.Import.Elf;

/// <summary>
/// A kernel module (.ko) with split BTF. Its section <c>.modinfo</c> holds <c>key=value</c> texts: <c>name</c>, and <c>vermagic</c>, which begins with
/// the release of the kernel that it was built for.
/// </summary>
internal static class ElfModule
{
    public static KernelFile Read(ReadOnlyMemory<byte> file, UnpackLimits limits)
    {
        var elf = new ElfSections(file.Span);
        if (elf.Find(".modinfo") is not { } info)
            throw new KernelFileException("the ELF has type 1, an object file, and no section .modinfo; expected a kernel module or a vmlinux");
        if (ElfKernel.BtfSection(elf, limits) is not { } btf)
            throw new KernelFileException("the module has no .BTF section: it was built without CONFIG_DEBUG_INFO_BTF_MODULES, or stripped of it; expected the module as its package has it");
        var text = file.Span[info];
        var name = Value(text, "name=") ?? throw new KernelFileException("the module's .modinfo has no name=");
        if (KernelName.Fault("module", name) is { } fault) throw new KernelFileException($"the module's .modinfo: {fault}");
        if (InlineSites.IsReserved(name)) throw new KernelFileException($"the module's .modinfo has name={name}, which no module has");
        var release = Value(text, "vermagic=")?.Split(' ')[0];
        return new(file[btf], "module")
        {
            Module = name,
            // Modules built outside the kernel's tree (6.11 and later) stand on an excerpt of its BTF; it is fitted to the kernel when they are added.
            DistilledBase = ElfKernel.Part(file, elf, ".BTF.base", limits),
            Inline = ElfKernel.Part(file, elf, ElfKernel.InlineSection, limits),
            Release = release is not null && KernelName.Fault("release", release) is null ? release : null,
            Arch = elf.Arch,
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
