using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive;

/// <summary>Uploaded objects, kept so that a relocation can be asked for again by digests alone. Bounded: the least recently used go first.</summary>
public sealed class ObjectStore
{
    // Reading must not write each time; which of two objects used in the same minute goes first is no matter.
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    private readonly BlobFolder _blobs;
    private readonly ArchiveWriter _writer;
    private readonly IDbContextFactory<ArchiveDb> _contexts;
    private readonly long _maxBytes;
    private readonly TimeProvider _clock;
    private readonly ILogger<ObjectStore> _log;

    internal ObjectStore(ArchiveFolders folders, ArchiveWriter writer, IDbContextFactory<ArchiveDb> contexts, IOptions<ObjectOptions> options, TimeProvider clock, ILogger<ObjectStore> log) =>
        (_blobs, _writer, _contexts, _maxBytes, _clock, _log) = (folders.Objects, writer, contexts, options.Value.Bytes, clock, log);

    /// <summary>Keeps an object. It makes room for itself and is kept even where it alone is beyond the bound, until the next one comes.</summary>
    /// <param name="digest">The digest of <paramref name="bytes"/>.</param>
    /// <param name="bytes">The object as it came.</param>
    /// <param name="ct">Cancels before it is written.</param>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is not the digest of <paramref name="bytes"/>.</exception>
    public async Task PutAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (_blobs.Has(digest) && await FindAsync(digest, ct) is { } known)
        {
            await TouchAsync(known, ct);
            return;
        }

        _blobs.Put(digest, bytes.Span);
        await _writer.WriteAsync(
            async db =>
            {
                if (!_blobs.Has(digest)) _blobs.Put(digest, bytes.Span); // removed since, to make room
                if (await db.Objects.FindAsync(digest.Hex) is { } row) row.LastUsedAt = Now;
                else db.Objects.Add(new ObjectRow { Digest = digest.Hex, SizeBytes = bytes.Length, LastUsedAt = Now });
                await db.SaveChangesAsync(CancellationToken.None);
                return await MakeRoomAsync(db, digest);
            },
            Delete,
            ct);
    }

    /// <summary>The object with this digest; null where it is not kept (any more).</summary>
    /// <exception cref="CorruptBlobException">The stored bytes are not the ones that were stored.</exception>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(Digest digest, CancellationToken ct)
    {
        if (await FindAsync(digest, ct) is not { } row) return null;
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(_blobs.PathOf(digest), ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // made room for another one since
        }

        var found = Digest.Of(bytes);
        if (found != digest) throw new CorruptBlobException(_blobs.PathOf(digest), digest, found);
        await TouchAsync(row, ct);
        return bytes;
    }

    private long Now => _clock.GetUtcNow().UtcTicks;

    private async Task<ObjectRow?> FindAsync(Digest digest, CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        return await db.Objects.AsNoTracking().FirstOrDefaultAsync(o => o.Digest == digest.Hex, ct);
    }

    private async Task TouchAsync(ObjectRow row, CancellationToken ct)
    {
        if (Now - row.LastUsedAt < TouchEvery.Ticks) return;
        await _writer.WriteAsync(db => db.Objects.Where(o => o.Digest == row.Digest).ExecuteUpdateAsync(set => set.SetProperty(o => o.LastUsedAt, Now)), _ => { }, ct);
    }

    // The rows go here, their files behind the commit: a row without a file would be a lie, a file without a row is swept at the next start.
    private async Task<List<Digest>> MakeRoomAsync(ArchiveDb db, Digest newest)
    {
        var removed = new List<Digest>();
        var excess = await db.Objects.SumAsync(o => o.SizeBytes) - _maxBytes;
        if (excess <= 0) return removed;
        await foreach (var row in db.Objects.OrderBy(o => o.LastUsedAt).ThenBy(o => o.Digest).AsAsyncEnumerable())
        {
            if (row.Digest == newest.Hex) continue;
            db.Objects.Remove(row);
            removed.Add(Digest.Parse(row.Digest));
            excess -= row.SizeBytes;
            if (excess <= 0) break;
        }

        return removed;
    }

    private void Delete(List<Digest> removed)
    {
        foreach (var digest in removed)
        {
            _blobs.Delete(digest);
            _log.LogInformation("Object {Object} removed to make room", digest);
        }
    }
}
