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

    /// <summary>The value of either field.</summary>
    public static string Value(Digest digest) => $"sha-256=:{Convert.ToBase64String(digest.ToBytes())}:";

    /// <summary>
    /// The digests of a request's field that we can check: sha-256 and sha-512. Other algorithms are ignored, as RFC 9530 §2 allows.
    /// </summary>
    /// <exception cref="FormatException">The field is not a dictionary of byte sequences.</exception>
    public static IReadOnlyList<(HashAlgorithmName Algorithm, byte[] Hash)> Parse(StringValues field)
    {
        var digests = new List<(HashAlgorithmName, byte[])>();
        foreach (var member in field.SelectMany(line => (line ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            var (key, hash) = ParseMember(member);
            if (key == "sha-256") digests.Add((HashAlgorithmName.SHA256, hash));
            if (key == "sha-512") digests.Add((HashAlgorithmName.SHA512, hash));
        }

        return digests;
    }

    private static (string Key, byte[] Hash) ParseMember(string member)
    {
        var equals = member.IndexOf('=', StringComparison.Ordinal);
        var value = equals < 1 ? "" : member[(equals + 1)..].Trim();
        if (value.Length < 2 || value[0] != ':' || value[^1] != ':')
            throw new FormatException($"found '{member}', expected <algorithm>=:<base64>:");
        return (member[..equals].ToLowerInvariant(), Convert.FromBase64String(value[1..^1]));
    }
}
