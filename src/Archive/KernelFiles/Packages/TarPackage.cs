using System.Formats.Tar;
using System.Text;
using Relo.Archive.Blobs;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Archive.Naming;

namespace Relo.Archive.KernelFiles.Packages;

/// <summary>
/// A kernel package that is a tar: <c>make tar-pkg</c> of the kernel itself, Arch's <c>.pkg.tar.zst</c>, Slackware's <c>.txz</c>, Alpine's
/// <c>.apk</c> (several concatenated tars), or any packed tree. Distinguished from BTFHub's tars by its paths.
/// </summary>
internal static class TarPackage
{
    private const int MaxInfoBytes = 64 << 10;

    /// <summary>Whether a member has the path of a kernel or module.</summary>
    public static bool Recognises(ReadOnlyMemory<byte> file, CancellationToken ct)
    {
        var tar = Open(file, ct);
        while (tar.Next() is { } member)
            if (member.Type == TarEntryType.RegularFile && (KernelPaths.IsKernel(member.Name, out _) || KernelPaths.IsModule(member.Name)))
                return true;
        return false;
    }

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker, int depth)
    {
        using var members = new PackageMembers(unpacker, depth);
        string? arch = null;
        var tar = Open(file, unpacker.Ct);
        while (!members.IsComplete && tar.Next() is { } member)
        {
            if (member.Type != TarEntryType.RegularFile) continue;
            if (member.Name is ".PKGINFO" && member.SizeBytes <= MaxInfoBytes) arch = ArchOf(tar.Content());
            else members.Consider(member.Name, member.SizeBytes, tar.Content());
        }

        return members.Take() is { } kernel
            ? (kernel with { Arch = kernel.Arch ?? arch }).In("tar")
            : throw new KernelFileException(
                $"the tar contains a kernel or modules, but no BTF could be read: {members.Faults ?? "its modules have none"}");
    }

    private static TarWalk Open(ReadOnlyMemory<byte> file, CancellationToken ct) => new(new BytesStream(file), ct, isConcatenated: true);

    // Both pacman and apk have "arch = x86_64".
    private static string? ArchOf(Stream info)
    {
        using var reader = new StreamReader(info, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
            if (line.StartsWith("arch = ", StringComparison.Ordinal) && line[7..].Trim() is var arch && KernelName.IsArch(arch))
                return KernelName.Arch(arch);
        return null;
    }
}
