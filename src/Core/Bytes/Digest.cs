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

    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>The 64 lower-case hexadecimal digits.</summary>
    public string Hex => _hex ?? new string('0', 64);

    /// <summary>The digest of <paramref name="bytes"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <summary>A digest from the 32 bytes of a hash function.</summary>
    public static Digest FromHash(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, SHA256.HashSizeInBytes);
        return new(Convert.ToHexStringLower(hash));
    }

    /// <summary>Reads 64 hexadecimal digits, with or without <c>sha256:</c> before them, in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        var hex = text is not null && text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? text[Prefix.Length..] : text;
        if (hex is not { Length: 64 } || !hex.All(char.IsAsciiHexDigit)) return false;
        digest = new(hex.ToLowerInvariant());
        return true;
    }

    /// <summary>As <see cref="TryParse"/>, for text that is known to be a digest.</summary>
    /// <exception cref="FormatException">The text is not a digest.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is not a SHA-256 digest");

    /// <summary>The 32 bytes.</summary>
    public byte[] ToBytes() => Convert.FromHexString(Hex);

    /// <inheritdoc/>
    public override string ToString() => Prefix + Hex;
}
