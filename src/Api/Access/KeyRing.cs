using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Relo.Core.Bytes;

namespace Relo.Api.Access;

/// <summary>The keys, as digests. Safe for concurrent use while <see cref="KeyFollower"/> replaces them.</summary>
internal sealed class KeyRing
{
    /// <summary>The request field that carries a key.</summary>
    public const string Header = "X-Api-Key";

    private volatile (KeyHolder Holder, byte[] Hash)[] _keys = [];

    public KeyRing(IOptions<AccessOptions> options) => Replace(options.Value);

    /// <summary>Replaces all keys.</summary>
    public void Replace(AccessOptions options)
        => _keys = [.. options.Keys.Select(k => (new KeyHolder(k.Key, ScopesOf(options, k.Key)), Digest.Parse(k.Value).ToBytes()))];

    /// <summary>The holder of a key; null for an unknown key.</summary>
    public KeyHolder? HolderOf(string presented)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(presented));
        KeyHolder? holder = null;
        // Compares with every key in fixed time, so that the duration reveals nothing.
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
