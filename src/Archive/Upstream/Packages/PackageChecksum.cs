using System.Security.Cryptography;

namespace Relo.Archive.Upstream.Packages;

/// <summary>A checksum in the metadata of a repository.</summary>
/// <param name="Type"><c>sha256</c>, <c>sha512</c>, …</param>
/// <param name="Hex">Its hexadecimal digits.</param>
internal sealed record PackageChecksum(string Type, string Hex)
{
    /// <exception cref="FormatException">The type is unknown or too weak.</exception>
    public static PackageChecksum Of(string type, string hex) => type is "sha256" or "sha384" or "sha512"
        ? new(type, hex)
        : throw new FormatException($"its checksum is {type}, expected sha256, sha384 or sha512");

    /// <summary>Why the bytes do not match; null if they do.</summary>
    public string? Fault(ReadOnlySpan<byte> bytes)
    {
        var found = Convert.ToHexStringLower(Type switch
        {
            "sha256" => SHA256.HashData(bytes),
            "sha384" => SHA384.HashData(bytes),
            "sha512" => SHA512.HashData(bytes),
            var other => throw new InvalidOperationException(other),
        });
        return found.Equals(Hex, StringComparison.OrdinalIgnoreCase) ? null : $"its digest is {Type}:{found}, the index says {Type}:{Hex}";
    }
}
