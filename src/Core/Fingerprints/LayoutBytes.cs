using System.Buffers.Binary;

namespace Relo.Core.Fingerprints;

/// <summary>
/// Writes layouts, one inside the other: the bytes of a type that is being written wait while those it refers to are hashed.
/// </summary>
internal sealed class LayoutBytes
{
    private byte[] _bytes = new byte[4096];

    /// <summary>The bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>The fingerprint of all bytes since <paramref name="start"/>, which are dropped.</summary>
    public Fingerprint Take(int start)
    {
        var fingerprint = Fingerprint.Of(_bytes.AsSpan(start, Length - start));
        Length = start;
        return fingerprint;
    }

    public void Add(byte value) => Room(sizeof(byte))[0] = value;

    public void Add(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Room(sizeof(uint)), value);

    public void Add(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);

    /// <summary>A name, and the NUL that ends it: no other text has the same bytes.</summary>
    public void Add(ReadOnlySpan<byte> name)
    {
        name.CopyTo(Room(name.Length + 1));
        _bytes[Length - 1] = 0;
    }

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
