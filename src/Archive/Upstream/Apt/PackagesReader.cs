using System.Globalization;
using System.Text;
using Relo.Archive.Upstream.Packages;
using Relo.Core.Bytes;

namespace Relo.Archive.Upstream.Apt;

/// <summary>Finds the packages of kernels in an index Packages, which lists all packages of a suite for an architecture.</summary>
internal static class PackagesReader
{
    private const int MostLineChars = 1 << 20;

    /// <exception cref="FormatException">It is not such an index.</exception>
    public static List<RepositoryPackage> Read(Stream packages, CancellationToken ct)
    {
        using var reader = new StreamReader(packages, Encoding.UTF8);
        var found = new List<RepositoryPackage>();
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = new BoundedLines(reader, MostLineChars);
        while (lines.Next() is { } line)
        {
            if (line.Length == 0) Take(fields, found, ct);
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && IsUsed(line.AsSpan(0, colon)))
                fields[line[..colon]] = line[(colon + 1)..].Trim();
        }

        Take(fields, found, ct);
        return found;
    }

    // The lines of a description begin with a space.
    private static bool IsUsed(ReadOnlySpan<char> field) => field is "Package" or "Filename" or "Size" or "SHA256";

    private static void Take(Dictionary<string, string> fields, List<RepositoryPackage> found, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (fields.TryGetValue("Package", out var package) && KernelPackageName.TryParse(package) is { } name
            && Read(name, fields) is { } kernel && kernel.SizeBytes >= RepositoryPackage.LeastBytes)
        {
            if (found.Count == RepositoryPackage.MostInIndex)
                throw new FormatException($"it lists more than {RepositoryPackage.MostInIndex} kernels");
            found.Add(kernel);
        }

        fields.Clear();
    }

    private static RepositoryPackage Read(KernelPackageName name, Dictionary<string, string> fields) =>
        fields.TryGetValue("Filename", out var file)
        && Digest.TryParse(fields.GetValueOrDefault("SHA256"), out var digest)
        && long.TryParse(fields.GetValueOrDefault("Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? new(name.Kind, name.Release, file, bytes, new PackageChecksum("sha256", digest.Hex))
            : throw new FormatException($"the package {fields["Package"]} lacks Filename, Size or SHA256");
}
