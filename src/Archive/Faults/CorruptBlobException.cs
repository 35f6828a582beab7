using Relo.Core.Bytes;

namespace Relo.Archive.Faults;

/// <summary>The bytes of a stored file do not match the digest in its name: the disk or someone changed them.</summary>
public sealed class CorruptBlobException : Exception
{
    /// <summary>The bytes of a file have another digest.</summary>
    public CorruptBlobException(string path, Digest expected, Digest found)
        : this(path, expected, $"has digest {found}, expected {expected}")
    {
    }

    /// <summary>A file is damaged in another way.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">The digest of the bytes as they were stored.</param>
    /// <param name="how">What follows the path in the message.</param>
    public CorruptBlobException(string path, Digest expected, string how)
        : base($"{path} {how}; add its kernel or object again") => (Path, Expected) = (path, expected);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The digest of the bytes as they were stored.</summary>
    public Digest Expected { get; }
}
