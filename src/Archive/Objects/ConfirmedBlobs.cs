using System.Collections.Concurrent;
using Relo.Archive.Blobs;
using Relo.Core.Bytes;

namespace Relo.Archive.Objects;

/// <summary>
/// Remembers for ten seconds which blobs the store has: it may be on another machine, and clients send the same object again and again.
/// </summary>
internal sealed class ConfirmedBlobs(IBlobStore blobs, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);
    private const int MaxKept = 10_000;

    private readonly ConcurrentDictionary<Digest, long> _seen = new();

    /// <summary>Whether the store has the blob in this size.</summary>
    public async Task<bool> HasAsync(Digest digest, long sizeBytes, CancellationToken ct)
    {
        if (_seen.TryGetValue(digest, out var last) && clock.GetElapsedTime(last) < Life) return true;
        if (await blobs.SizeOfAsync(digest, ct) != sizeBytes) return false;
        if (_seen.Count > MaxKept) _seen.Clear();
        _seen[digest] = clock.GetTimestamp();
        return true;
    }

    /// <summary>Makes the next call ask the store.</summary>
    public void Forget(Digest digest) => _seen.TryRemove(digest, out _);
}
