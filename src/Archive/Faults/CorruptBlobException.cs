using Relo.Core.Bytes;

namespace Relo.Archive.Faults;

/// <summary>The bytes of a stored file do not match the digest in its name: the disk or someone changed them.</summary>
public sealed class CorruptBlobException(string path, Digest expected, Digest found)
    : Exception($"{path} has digest {found}, expected {expected}; add its kernel or object again")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>The digest of the bytes as they were stored.</summary>
    public Digest Expected { get; } = expected;
}
