using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs.S3;

/// <summary>
/// Blobs in an S3-compatible store: <c>&lt;prefix&gt;btf/abcd…</c>, <c>&lt;prefix&gt;quarantine/btf/abcd…</c>,
/// <c>&lt;prefix&gt;orphans/btf/abcd…</c>. Used blobs are copied to this machine's disk; concurrent requests share one download.
/// </summary>
internal sealed class S3Blobs : IBlobStore, IDisposable
{
    private const int MostAtOnce = 16;

    private readonly S3Bucket _bucket;
    private readonly S3Names _names;
    private readonly LocalCopies _copies;
    private readonly ILogger _log;
    private readonly S3Downloads _downloads;
    private readonly Func<ReadOnlySpan<byte>, Digest>? _nameOf;

    /// <param name="bucket">Sends the requests.</param>
    /// <param name="names">The keys of the blobs in it.</param>
    /// <param name="copies">The copies on this machine.</param>
    /// <param name="log">For faults that requests cannot report.</param>
    /// <param name="nameOf">The name of bytes; null: their digest. Otherwise only <see cref="ReadAsync(Digest, CancellationToken)"/>
    /// reads blobs, and no copies are made.</param>
    public S3Blobs(
        S3Bucket bucket, S3Names names, LocalCopies copies, ILogger log, Func<ReadOnlySpan<byte>, Digest>? nameOf = null) =>
        (_bucket, _names, _copies, _log, _downloads, _nameOf) =
            (bucket, names, copies, log, new(bucket, names, copies), nameOf);

    public string NameOf(BlobPlace place) => _names.NameOf(place);

    public string NameOf(Digest digest, BlobPlace place = BlobPlace.Stored) => _names.NameOf(digest, place);

    public async Task PrepareAsync(CancellationToken ct)
    {
        _copies.Create();
        try
        {
            await ProbeAsync(ct);
        }
        catch (BlobStoreException e) when (e.IsLasting)
        {
            throw new ArchiveStartupException(
                $"Archive:Blobs is {_names.Address}, which cannot be used: {e.Message}. Check the bucket, Archive:S3 and the credentials "
                + "(AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, Archive:S3:Profile, or the role of the instance)", e);
        }
        catch (BlobStoreException e)
        {
            // It may be starting as well. Requests that need blobs are answered 503, and readiness reports it.
            _log.LogWarning("Archive:Blobs is {Address}, which is unavailable: {Reason}", _names.Address.ToString(), e.Message);
        }
    }

    public int Sweep() => _copies.Sweep();

    // A write costs money each time, and a node that cannot write can still answer most requests.
    public async Task<string> ProbeAsync(CancellationToken ct)
    {
        await _bucket.ProbeAsync(_names.PrefixOf(BlobPlace.Stored), ct);
        return "readable";
    }

    public async Task<long?> SizeOfAsync(Digest digest, CancellationToken ct, BlobPlace place = BlobPlace.Stored) =>
        (await _bucket.FindAsync(_names.KeyOf(digest, place), ct))?.SizeBytes;

    public async IAsyncEnumerable<StoredBlob> ListAsync(BlobPlace place, [EnumeratorCancellation] CancellationToken ct)
    {
        var prefix = _names.PrefixOf(place);
        await foreach (var (key, size) in _bucket.ListAsync(prefix, ct))
            if (Digest.TryParse(key[prefix.Length..], out var digest) && key == _names.KeyOf(digest, place)) yield return new(digest, size);
    }

    public async Task PutAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var actual = _nameOf?.Invoke(bytes.Span) ?? Digest.Of(bytes.Span);
        if (actual != digest) throw new ArgumentException($"bytes have digest {actual}, expected {digest}", nameof(digest));
        await PutSoundAsync(digest, bytes, ct);
    }

    public async Task<Digest[]> PutAllAsync(IReadOnlyList<ReadOnlyMemory<byte>> blobs, CancellationToken ct)
    {
        var digests = new Digest[blobs.Count];
        Parallel.For(0, digests.Length, i => digests[i] = Digest.Of(blobs[i].Span));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, digests.Length).DistinctBy(i => digests[i]),
            new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = MostAtOnce },
            async (i, stop) => await PutSoundAsync(digests[i], blobs[i], stop));
        return digests;
    }

    public async Task DeleteAsync(Digest digest, CancellationToken ct, BlobPlace place = BlobPlace.Stored)
    {
        await _bucket.DeleteAsync(_names.KeyOf(digest, place), version: null, ct);
        if (place == BlobPlace.Stored) _copies.Delete(digest);
    }

    public async Task<bool> MoveAsync(Digest digest, BlobPlace from, BlobPlace to, CancellationToken ct)
    {
        if (!await CopyAsync(_names.KeyOf(digest, from), _names.KeyOf(digest, to), ct)) return false;
        await DeleteAsync(digest, ct, from);
        return true;
    }

    public async Task<bool> SetAsideAsync(Digest digest, CancellationToken ct)
    {
        _copies.Delete(digest); // perhaps only the copy is damaged
        var key = _names.KeyOf(digest, BlobPlace.Stored);
        if (await _bucket.FindAsync(key, ct) is not { } found) return false;
        if (await IsSoundAsync(key, digest, ct))
        {
            _log.LogWarning("The copy of {Blob} on this machine was damaged and is fetched again", NameOf(digest));
            return false;
        }

        if (!await CopyAsync(key, _names.KeyOf(digest, BlobPlace.Quarantined), ct)) return false;
        // If another process has replaced it meanwhile, the new one is kept.
        if ((await _bucket.FindAsync(key, ct))?.Version == found.Version && await _bucket.DeleteAsync(key, found.Version, ct)) return true;
        await _bucket.DeleteAsync(_names.KeyOf(digest, BlobPlace.Quarantined), version: null, ct);
        return false;
    }

    public async Task<MappedBlob?> ReadAsync(Digest digest, CancellationToken ct)
    {
        var (found, blob) = await ReadAsync(_names.KeyOf(digest, BlobPlace.Stored), ct);
        if (found is null || (blob is not null && (_nameOf?.Invoke(blob.Memory.Span) ?? found) == digest)) return blob;
        ((IDisposable?)blob)?.Dispose();
        throw new CorruptBlobException(NameOf(digest), digest, found.Value);
    }

    public bool HasHere(Digest digest) => _copies.Has(digest);

    public async Task FetchAsync(Digest digest, CancellationToken ct)
    {
        if (_copies.Has(digest)) return;
        try
        {
            await _downloads.CopyHereAsync(digest).WaitAsync(ct); // a caller that cancels does not stop it for the others
        }
        catch (Exception e) when (e is CorruptBlobException || LocalCopies.IsOfDisk(e))
        {
            // Map reports the damage, or reads the blob into memory.
        }
    }

    public MappedBlob? Map(Digest digest)
    {
        if (_copies.Map(digest) is { } known) return known;
        try
        {
            if (!_downloads.CopyHereAsync(digest).GetAwaiter().GetResult()) return null;
            if (_copies.Map(digest) is { } copy) return copy; // else it was evicted immediately: the limit is very small
        }
        catch (Exception e) when (LocalCopies.IsOfDisk(e))
        {
            _log.LogWarning("{Blob} cannot be kept on this machine and is read into memory: {Reason}", NameOf(digest), e.Message);
        }

        return ReadAsync(digest, CancellationToken.None).GetAwaiter().GetResult();
    }

    public bool IsAsMapped(Digest digest, MappedBlob blob) => _copies.IsAsMapped(digest, blob);

    /// <inheritdoc/>
    public void Dispose() => _downloads.Dispose();

    /// <returns>The digest of an object, null if there is none, and its bytes, null if it is empty or larger than any blob.</returns>
    private async Task<(Digest? Found, MappedBlob? Blob)> ReadAsync(string key, CancellationToken ct)
    {
        MappedBlob? blob = null;
        try
        {
            return (await _bucket.ReadAsync(key, Open, ct), blob);
        }
        catch
        {
            ((IDisposable?)blob)?.Dispose();
            throw;
        }

        Stream Open(long size)
        {
            ((IDisposable?)blob)?.Dispose();
            blob = null;
            return size is > 0 and <= int.MaxValue ? (blob = MappedBlob.InMemory((int)size)).Writer() : Stream.Null;
        }
    }

    // Through this machine, because not every store can copy. It is rare.
    private async Task<bool> CopyAsync(string from, string to, CancellationToken ct)
    {
        var (found, blob) = await ReadAsync(from, ct);
        using IDisposable? _ = blob;
        if (found is not { } digest) return false;
        if (blob is null && digest != Digest.Of([]))
            throw new BlobStoreException("a blob is larger than any that Relo stores; it was left unchanged");
        await _bucket.WriteAsync(to, blob?.Memory ?? ReadOnlyMemory<byte>.Empty, digest, isNew: false, ct);
        return true;
    }

    private async Task PutSoundAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var key = _names.KeyOf(digest, BlobPlace.Stored);
        var there = await _bucket.FindAsync(key, ct);
        var content = Digest.Of(bytes.Span);
        if (there?.SizeBytes == bytes.Length && (HasChecksum(there, content) || await IsSoundAsync(key, digest, ct))) return;
        await _bucket.WriteAsync(key, bytes, content, isNew: there is null, ct);
    }

    private static bool HasChecksum(S3Entry entry, Digest digest) =>
        entry.Sha256 is { Length: > 0 } sum && sum == Convert.ToBase64String(Convert.FromHexString(digest.Hex));

    private async Task<bool> IsSoundAsync(string key, Digest digest, CancellationToken ct)
    {
        if (_nameOf is null) return await _bucket.ReadAsync(key, _ => Stream.Null, ct) == digest;
        using var blob = (await ReadAsync(key, ct)).Blob;
        return blob is not null && _nameOf(blob.Memory.Span) == digest;
    }
}
