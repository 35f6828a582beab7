using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>A stored file does not hold the bytes it is named for: the disk or somebody changed it.</summary>
public sealed class CorruptBlobException(string path, Digest expected, Digest found)
    : Exception($"{path} holds bytes with digest {found}, expected {expected}; add its kernel or object again")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>The digest that its bytes had when they were stored.</summary>
    public Digest Expected { get; } = expected;
}
