using Relo.Archive.Kernels;
using Relo.Archive.Naming;

namespace Relo.Archive.Import;

/// <summary>A file in BTFHub's layout: the last four parts of its path are <c>distro/version/arch/release.btf[.tar.xz]</c>.</summary>
internal static class BtfHubPath
{
    private static readonly string[] Packings = [".xz", ".gz", ".zst", ".bz2", ".lz4", ""];

    // The longest first, so that the release loses the whole suffix.
    private static readonly string[] Suffixes = [.. Packings.Select(p => ".btf.tar" + p), ".btf.tgz", .. Packings.Select(p => ".btf" + p)];

    /// <summary>Whether the name is that of a BTF file. Such files are read, and rejected if they are not BTF.</summary>
    public static bool IsCandidate(string path) => SuffixOf(path) is not null;

    /// <summary>The kernel that the path names; null if the path has another layout.</summary>
    public static KernelDescription? Describe(string path)
    {
        var parts = path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        // An architecture in the right place distinguishes the layout from other folders with .btf files.
        if (parts.Length < 4 || SuffixOf(path) is not { } suffix || !KernelName.IsArch(parts[^2])) return null;
        return new(parts[^4], parts[^3], parts[^2], parts[^1][..^suffix.Length]);
    }

    /// <summary>The release in the file name, for files outside this layout: <c>5.4.0-91-generic.btf</c>.</summary>
    public static KernelDescription DescribeName(string path) =>
        SuffixOf(path) is { } suffix
        && Path.GetFileName(path)[..^suffix.Length] is [>= '0' and <= '9', ..] release && release.Contains('.', StringComparison.Ordinal)
            ? new(Release: release)
            : new();

    private static string? SuffixOf(string path) =>
        Array.Find(Suffixes, suffix => path.EndsWith(suffix, StringComparison.Ordinal) && Path.GetFileName(path).Length > suffix.Length);
}
