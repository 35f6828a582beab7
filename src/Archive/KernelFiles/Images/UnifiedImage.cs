using System.Text;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Archive.Naming;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>
/// A unified kernel image (UKI, uapi-group.org/specifications): a PE file with sections for a kernel (<c>.linux</c>), its release
/// (<c>.uname</c>), the os-release of its system (<c>.osrel</c>) and its initrd. The initrd contains compressed modules, so the kernel is
/// read from its section, not searched for.
/// </summary>
internal static class UnifiedImage
{
    public static bool Recognises(ReadOnlySpan<byte> head) =>
        PeSections.TryRead(head, out var sections) && sections.Find(".linux"u8) is not null;

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker, int depth)
    {
        PeSections.TryRead(file.Span, out var sections);
        var kernel = KernelFileReader.ReadPart(file[sections.Find(".linux"u8)!.Value], unpacker, depth - 1).In("unified kernel image");
        var release = Text(file.Span, sections.Find(".uname"u8));
        if (kernel.Release is null && KernelName.Fault("release", release) is null) kernel = kernel with { Release = release };
        // The banner names the kernel's builder; os-release names the booted system.
        if (kernel.Distro is not null || Text(file.Span, sections.Find(".osrel"u8)) is not { Length: > 0 } system) return kernel;
        var os = OsRelease.Read(system);
        // Derived distributions boot their base's kernel.
        var (distro, version) = os.Base ?? (os.Distro, os.Version);
        return KernelName.Fault("distro", distro) is null && (version is null || KernelName.Fault("version", version) is null)
            ? kernel with { Distro = distro, Version = version }
            : kernel;
    }

    private static string Text(ReadOnlySpan<byte> file, Range? section) =>
        section is { } range ? Encoding.UTF8.GetString(file[range][..Math.Min(file[range].Length, 4096)]).TrimEnd('\0').Trim() : "";
}
