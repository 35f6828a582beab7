using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Archive.Naming;
using Relo.Archive.Upstream.Packages;

namespace Relo.Archive.Upstream.Pacman;

/// <summary>
/// The database of a repository, which repo-add writes: a tar with a file <c>desc</c> for each package. Values follow their names:
/// <code>
/// %NAME%
/// linux
///
/// %VERSION%
/// 6.12.1.arch1-1
/// </code>
/// </summary>
internal static class PacmanDatabase
{
    private const string Description = "/desc";
    private const int MostDescriptionBytes = 64 << 10;
    private const long LastDate = 1L << 34;

    /// <summary>The packages with kernels.</summary>
    /// <param name="tar">The database, unpacked.</param>
    /// <param name="folder">The folder of its packages below the root of the source; empty, or with a trailing slash.</param>
    /// <param name="arch">The architecture; packages for others are left out.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="FormatException">It is not such a database.</exception>
    public static List<RepositoryPackage> Kernels(Stream tar, string folder, string arch, CancellationToken ct)
    {
        var found = new List<RepositoryPackage>();
        var walk = new TarWalk(tar, ct);
        while (walk.Next() is { } member)
        {
            if (member.Type != TarEntryType.RegularFile || !member.Name.StartsWith(PacmanKernelName.Prefix, StringComparison.Ordinal)
                || !member.Name.EndsWith(Description, StringComparison.Ordinal))
                continue;
            if (member.SizeBytes > MostDescriptionBytes)
                throw new FormatException($"{member.Name} has {member.SizeBytes} bytes, at most {MostDescriptionBytes} are accepted");
            if (Read(FieldsOf(walk.Content()), folder, arch) is not { } kernel || kernel.SizeBytes < RepositoryPackage.LeastBytes) continue;
            if (found.Count == RepositoryPackage.MostInIndex)
                throw new FormatException($"it lists more than {RepositoryPackage.MostInIndex} kernels");
            found.Add(kernel);
        }

        return found;
    }

    private static RepositoryPackage? Read(Dictionary<string, string> package, string folder, string arch)
    {
        string name = Text("NAME"), own = Text("ARCH");
        if (PacmanKernelName.ReleaseOf(name, Text("VERSION")) is not { } release) return null;
        if (KernelName.Arch(own) != KernelName.Arch(arch)) return null;
        if (!package.TryGetValue("FILENAME", out var file) || !package.TryGetValue("SHA256SUM", out var sha256)
            || Number("CSIZE") is not { } bytes)
            throw new FormatException($"the package {name} lacks FILENAME, SHA256SUM or CSIZE");
        return new(KernelPackageKind.Kernel, release, folder + file, bytes, PackageChecksum.Of("sha256", sha256))
        {
            Arch = own,
            BuiltAt = Number("BUILDDATE") is { } at and < LastDate ? DateTimeOffset.FromUnixTimeSeconds(at) : null,
            IsSigned = true,
        };

        string Text(string field) => package.GetValueOrDefault(field, "");

        long? Number(string field) =>
            long.TryParse(Text(field), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    // Of several values, only the first is needed.
    private static Dictionary<string, string> FieldsOf(Stream description)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = new StreamReader(description, Encoding.UTF8);
        string? field = null;
        while (reader.ReadLine() is { } line)
        {
            if (line is ['%', .. var name, '%'])
            {
                field = name;
            }
            else if (field is not null && line.Length > 0)
            {
                fields.TryAdd(field, line);
                field = null;
            }
        }

        return fields;
    }
}
