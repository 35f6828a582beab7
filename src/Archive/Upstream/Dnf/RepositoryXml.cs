using System.Globalization;
using Relo.Archive.Upstream.Packages;

namespace Relo.Archive.Upstream.Dnf;

/// <summary>
/// The metadata of a repository: <c>repomd.xml</c> names the index <c>primary.xml</c>, which lists all packages.
/// </summary>
internal static class RepositoryXml
{
    /// <summary>The index that repomd.xml names.</summary>
    /// <exception cref="FormatException">It is not such a file.</exception>
    public static (string Path, PackageChecksum Checksum, long SizeBytes) Primary(Stream repomd)
    {
        foreach (var data in XmlItems.Read(repomd, "data"))
        {
            if (data.GetValueOrDefault("@type") != "primary") continue;
            return data.TryGetValue("location@href", out var path) && Checksum(data) is { } checksum && Number(data, "size") is { } size
                ? (path, checksum, size)
                : throw new FormatException("its index primary lacks location, checksum or size");
        }

        throw new FormatException("it names no index primary");
    }

    /// <summary>The packages with kernels in primary.xml.</summary>
    /// <exception cref="FormatException">It is not such a file.</exception>
    public static List<RepositoryPackage> Kernels(Stream primary, CancellationToken ct)
    {
        var found = new List<RepositoryPackage>();
        foreach (var package in XmlItems.Read(primary, "package"))
        {
            ct.ThrowIfCancellationRequested();
            if (Read(package) is not { } kernel || kernel.SizeBytes < RepositoryPackage.LeastBytes) continue;
            if (found.Count == RepositoryPackage.MostInIndex)
                throw new FormatException($"it lists more than {RepositoryPackage.MostInIndex} kernels");
            found.Add(kernel);
        }

        return found;
    }

    private static RepositoryPackage? Read(Dictionary<string, string> package)
    {
        string name = Text("name"), arch = Text("arch");
        if (RpmKernelName.TryParse(name, Text("version@ver"), Text("version@rel"), arch) is not { } kernel) return null;
        if (!package.TryGetValue("location@href", out var path) || Checksum(package) is not { } checksum
            || Number(package, "size@package") is not { } bytes)
            throw new FormatException($"the package {name} lacks location, checksum or size");
        DateTimeOffset? builtAt = Number(package, "time@build") is { } at and < 1L << 34 ? DateTimeOffset.FromUnixTimeSeconds(at) : null;
        return new(kernel.Kind, kernel.Release, path, bytes, checksum) { Arch = arch, BuiltAt = builtAt };

        string Text(string field) => package.GetValueOrDefault(field, "");
    }

    private static PackageChecksum? Checksum(Dictionary<string, string> item) =>
        item.TryGetValue("checksum", out var hex) && item.TryGetValue("checksum@type", out var type) ? PackageChecksum.Of(type, hex) : null;

    private static long? Number(Dictionary<string, string> item, string field) =>
        long.TryParse(item.GetValueOrDefault(field), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
