using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Bodies;

/// <summary>
/// The digest fields of RFC 9530, such as <c>Content-Digest: sha-256=:d435Qo+nKZ+gLcUHn7GQtQ72hiBVAgqoLsZnZPiTGPk=:</c>.
/// <c>Content-Digest</c> covers the bytes as sent (compressed, or the part for a range), <c>Repr-Digest</c> the whole representation.
/// </summary>
internal static class ContentDigest
{
    /// <summary>Name of the field for the bytes that are sent.</summary>
    public const string Field = "Content-Digest";

    /// <summary>Name of the field for the whole representation.</summary>
    public const string ReprField = "Repr-Digest";

    // RFC 8941 §3.1.2. Upper case is not allowed there, but accepted.
    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.*");

    /// <summary>The value of either field.</summary>
    public static string Value(Digest digest) => $"sha-256=:{Convert.ToBase64String(digest.ToBytes())}:";

    /// <summary>
    /// The digests of a request's field that we can check: sha-256 and sha-512. Other algorithms are ignored, as RFC 9530 §2 allows.
    /// Of several with the same algorithm the last one counts (RFC 8941 §3.2).
    /// </summary>
    /// <exception cref="FormatException">The field is not a dictionary of byte sequences, or a digest has the wrong length.</exception>
    public static IReadOnlyDictionary<HashAlgorithmName, byte[]> Parse(StringValues field)
    {
        var digests = new Dictionary<HashAlgorithmName, byte[]>();
        foreach (var member in field.SelectMany(line => (line ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            var (key, hash) = ParseMember(member);
            if (key == "sha-256") digests[HashAlgorithmName.SHA256] = Checked(member, hash, SHA256.HashSizeInBytes);
            if (key == "sha-512") digests[HashAlgorithmName.SHA512] = Checked(member, hash, SHA512.HashSizeInBytes);
        }

        return digests;
    }

    private static byte[] Checked(string member, byte[] hash, int lengthBytes) => hash.Length == lengthBytes
        ? hash
        : throw new FormatException($"'{member}' has {hash.Length} bytes, expected {lengthBytes}");

    private static (string Key, byte[] Hash) ParseMember(string member)
    {
        var equals = member.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 1 ? "" : member[..equals].ToLowerInvariant();
        var value = equals < 1 ? "" : member[(equals + 1)..].Trim();
        if (value.Length < 2 || value[0] != ':' || value[^1] != ':' || key.AsSpan().ContainsAnyExcept(KeyCharacters))
            throw new FormatException($"found '{member}', expected <algorithm>=:<base64>:");
        return (key, Convert.FromBase64String(value[1..^1]));
    }
}
