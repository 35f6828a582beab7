using Relo.Archive.Kernels;

namespace Relo.Archive.Import;

/// <summary>A file where BTFHub would have it: the last four parts of its path are <c>distro/version/arch/release.btf[.tar.xz]</c>.</summary>
internal static class BtfHubPath
{
    private static readonly string[] Packings = [".xz", ".gz", ".zst", ".bz2", ".lz4", ""];

    // The longest first: the release must lose all of it.
    private static readonly string[] Suffixes = [.. Packings.Select(p => ".btf.tar" + p), ".btf.tgz", .. Packings.Select(p => ".btf" + p)];

    /// <summary>Whether the file is called like BTF, so that it is read, and rejected if it is none.</summary>
    public static bool IsCandidate(string path) => SuffixOf(path) is not null;

    /// <summary>What the path says of the kernel; null where it is not laid out so.</summary>
    public static KernelDescription? Describe(string path)
    {
        var parts = path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        // The name of an architecture in the right place tells a tree from any other folders that hold a .btf file.
        if (parts.Length < 4 || SuffixOf(path) is not { } suffix || !KernelName.IsArch(parts[^2])) return null;
        return new(parts[^4], parts[^3], parts[^2], parts[^1][..^suffix.Length]);
    }

    /// <summary>The release that the file's name tells, where it lies anywhere else: <c>5.4.0-91-generic.btf</c>.</summary>
    public static KernelDescription DescribeName(string path) =>
        SuffixOf(path) is { } suffix && Path.GetFileName(path)[..^suffix.Length] is [>= '0' and <= '9', ..] release && release.Contains('.', StringComparison.Ordinal) ? new(Release: release) : new();

    private static string? SuffixOf(string path) =>
        Array.Find(Suffixes, suffix => path.EndsWith(suffix, StringComparison.Ordinal) && Path.GetFileName(path).Length > suffix.Length);
}
