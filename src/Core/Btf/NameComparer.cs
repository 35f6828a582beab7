namespace Relo.Core.Btf;

/// <summary>
/// Compares names as bytes, for hash tables of untrusted names: the hash is seeded per process, so that an attacker cannot choose names
/// that collide. <see cref="NameIndex.Hash(ReadOnlySpan{byte})"/> is not: it is kept in files.
/// </summary>
internal sealed class NameComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static NameComparer Instance { get; } = new();

    public static int HashOf(ReadOnlySpan<byte> name)
    {
        var hash = new HashCode();
        hash.AddBytes(name);
        return hash.ToHashCode();
    }

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] name) => HashOf(name);

    public bool Equals(ReadOnlySpan<byte> name, byte[] other) => name.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> name) => HashOf(name);

    public byte[] Create(ReadOnlySpan<byte> name) => name.ToArray();
}
