using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Relo.Core.Bytes;

namespace Relo.Api.Access;

/// <summary>The keys, as digests.</summary>
internal sealed class KeyRing(IOptions<AccessOptions> options)
{
    private readonly (string Holder, byte[] Hash)[] _keys = [.. options.Value.Keys.Select(k => (k.Key, HashOf(k.Value)))];

    /// <summary>Who holds this key; null when nobody does.</summary>
    public string? HolderOf(string presented)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(presented));
        string? holder = null;
        // All of them, each in fixed time: how long it takes says nothing about which key was near.
        foreach (var key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash)) holder = key.Holder;
        }

        return holder;
    }

    private static byte[] HashOf(string configured)
        => configured.StartsWith(Digest.Prefix, StringComparison.OrdinalIgnoreCase)
            ? Digest.Parse(configured).ToBytes()
            : SHA256.HashData(Encoding.UTF8.GetBytes(configured));
}
