using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Relo.Core.Bytes;

namespace Relo.Api.Access;

/// <summary>Who holds a key, and what it allows.</summary>
internal sealed record KeyHolder(string Name, Scope Scopes);

/// <summary>The keys, as digests.</summary>
internal sealed class KeyRing(IOptions<AccessOptions> options)
{
    /// <summary>The field of a request that shows a key.</summary>
    public const string Header = "X-Api-Key";

    private readonly (KeyHolder Holder, byte[] Hash)[] _keys =
        [.. options.Value.Keys.Select(k => (new KeyHolder(k.Key, ScopesOf(options.Value, k.Key)), Digest.Parse(k.Value).ToBytes()))];

    /// <summary>Who holds this key; null when nobody does.</summary>
    public KeyHolder? HolderOf(string presented)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(presented));
        KeyHolder? holder = null;
        // All of them, each in fixed time: how long it takes says nothing about which key was near.
        foreach (var key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash)) holder = key.Holder;
        }

        return holder;
    }

    private static Scope ScopesOf(AccessOptions options, string holder)
    {
        if (!options.Scopes.TryGetValue(holder, out var text)) return Scope.All;
        ScopeNames.Fault(text, out var scopes);
        return scopes;
    }
}
