using System.Globalization;
using Relo.Core.Bytes;

namespace Relo.Archive.Upstream.Apt;

/// <summary>
/// The file Release of a suite: fields, and the size and digest of every index.
/// <code>
/// Codename: bookworm
/// SHA256:
///  9f86d081…  1484322 main/binary-amd64/Packages.xz
/// </code>
/// </summary>
internal sealed class AptRelease
{
    private const int MostFiles = 100_000;

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IndexFile> _files = new(StringComparer.Ordinal);

    private AptRelease() { }

    /// <summary>The version of the distribution, <c>12.15</c>; null if it has none.</summary>
    public string? Version => _fields.GetValueOrDefault("Version");

    /// <summary>Whether an index can be requested by its digest, so that it cannot change between two requests.</summary>
    public bool IsByHash => _fields.GetValueOrDefault("Acquire-By-Hash") == "yes";

    /// <summary>When it expires; null if it does not say.</summary>
    public DateTimeOffset? ValidUntil =>
        _fields.TryGetValue("Valid-Until", out var text)
        && DateTimeOffset.TryParse(text.Replace("UTC", "GMT", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var until)
            ? until
            : null;

    /// <summary>The size and digest of a file of the suite; null if the suite does not have it.</summary>
    public IndexFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <exception cref="FormatException">It is not a Release file.</exception>
    public static AptRelease Parse(string text)
    {
        var release = new AptRelease();
        var section = "";
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0) continue;
            if (line[0] == ' ')
            {
                if (section == "SHA256") release.AddFile(line);
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                section = line[..colon];
                release._fields[section] = line[(colon + 1)..].Trim();
            }
        }

        return release._files.Count > 0 ? release : throw new FormatException("it has no section SHA256");
    }

    private void AddFile(string line)
    {
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var hex, var size, var path]
            || !Digest.TryParse(hex, out var digest)
            || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            throw new FormatException($"'{line.Trim()}' is not the digest, size and name of a file");
        if (_files.Count == MostFiles) throw new FormatException($"it lists more than {MostFiles} files");
        _files[path] = new(path, bytes, digest);
    }

    /// <summary>A file of the suite.</summary>
    internal sealed record IndexFile(string Path, long SizeBytes, Digest Digest);
}
