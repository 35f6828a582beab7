namespace Relo.Archive.Import;

/// <summary>A file where BTFHub would have it: the last four parts of its path are <c>distro/version/arch/release.btf[.tar.xz]</c>.</summary>
internal static class BtfHubPath
{
    // The longest first: .btf.tar.xz ends in none of the others, but the release must lose all of it.
    private static readonly string[] Suffixes = [".btf.tar.xz", ".btf.tar", ".btf.xz", ".btf"];

    /// <summary>Whether an import looks at the file at all; anything else in a tree (.failed, .hasbtf, .gitignore, README.md) is none of its business.</summary>
    public static bool IsCandidate(string path) => SuffixOf(path) is not null;

    /// <summary>What the path says of the kernel; null where it is not laid out so.</summary>
    public static KernelDescription? Describe(string path)
    {
        var parts = path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        // The name of an architecture in the right place tells a tree from any other folders that hold a .btf file.
        if (parts.Length < 4 || SuffixOf(path) is not { } suffix || !KernelName.IsArch(parts[^2])) return null;
        return new(parts[^4], parts[^3], parts[^2], parts[^1][..^suffix.Length]);
    }

    private static string? SuffixOf(string path) =>
        Array.Find(Suffixes, suffix => path.EndsWith(suffix, StringComparison.Ordinal) && Path.GetFileName(path).Length > suffix.Length);
}
