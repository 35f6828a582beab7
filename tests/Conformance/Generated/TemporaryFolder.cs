namespace Relo.Conformance.Generated;

/// <summary>A folder for files that another program reads once; each gets a new name, since the oracle keeps targets by path.</summary>
public sealed class TemporaryFolder(string? within = null) : IDisposable
{
    private readonly DirectoryInfo _folder =
        Directory.CreateDirectory(Path.Combine(within ?? Path.GetTempPath(), $"relo-{Guid.NewGuid():N}"));
    private readonly Dictionary<string, string> _last = [];
    private int _count;

    /// <summary>Its path.</summary>
    public string FullName => _folder.FullName;

    /// <summary>Writes a file that replaces the last one of this kind.</summary>
    public string Write(string kind, byte[] bytes)
    {
        if (_last.TryGetValue(kind, out var old)) File.Delete(old);
        var path = Path.Combine(_folder.FullName, $"{_count++}.{kind}");
        File.WriteAllBytes(path, bytes);
        return _last[kind] = path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
