using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Relo.Core.Bytes;

/// <summary>
/// The SHA-256 of some bytes: the identity of an object or a BTF everywhere in the product. Written <c>sha256:&lt;64 hex&gt;</c>.
/// </summary>
public readonly record struct Digest
{
    /// <summary>The prefix of a digest in text.</summary>
    public const string Prefix = "sha256:";

    private const int HexLength = 2 * SHA256.HashSizeInBytes;

    // Not an array and not text: an archive keeps a million of them in memory. (A UInt128 would be aligned to 16 bytes.)
    private readonly ulong _first, _second, _third, _last;

    private Digest(ReadOnlySpan<byte> hash) => (_first, _second, _third, _last) = (
        BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]), BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));

    /// <summary>The 64 lower-case hexadecimal digits.</summary>
    public string Hex => string.Create(HexLength, this, (text, digest) => digest.WriteHex(text));

    /// <summary>The digest of <paramref name="bytes"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new(hash);
    }

    /// <summary>A digest from the 32 bytes of a hash function.</summary>
    public static Digest FromHash(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, SHA256.HashSizeInBytes);
        return new(hash);
    }

    /// <summary>Reads 64 hexadecimal digits, with or without <c>sha256:</c> before them, in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        var hex = text.AsSpan();
        if (hex.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) hex = hex[Prefix.Length..];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (hex.Length != HexLength || Convert.FromHexString(hex, hash, out _, out _) != OperationStatus.Done) return false;
        digest = new(hash);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>, for text that is known to be a digest.</summary>
    /// <exception cref="FormatException">The text is not a digest.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is not a SHA-256 digest");

    /// <summary>The 32 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        Write(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first, _second, _third, _last); // keyed: strangers choose what is hashed

    /// <inheritdoc/>
    public override string ToString() => string.Create(Prefix.Length + HexLength, this, (text, digest) =>
    {
        Prefix.CopyTo(text);
        digest.WriteHex(text[Prefix.Length..]);
    });

    private void WriteHex(Span<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Write(hash);
        Convert.TryToHexStringLower(hash, text, out _);
    }

    private void Write(Span<byte> hash)
    {
        BinaryPrimitives.WriteUInt64BigEndian(hash, _first);
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(hash[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(hash[24..], _last);
    }
}
