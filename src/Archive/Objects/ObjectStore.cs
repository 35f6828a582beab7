using System.Buffers;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Blobs;
using Relo.Archive.Damage;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Objects;

/// <summary>Uploaded objects and their tags, stored for later relocations. <see cref="ObjectRemoval"/> removes them.</summary>
internal sealed class ObjectStore
{
    private readonly IBlobStore _blobs;
    private readonly Quarantine _quarantine;
    private readonly ArchiveWriter _writer;
    private readonly IDbContextFactory<ArchiveDb> _contexts;
    private readonly ObjectRemoval _removal;
    private readonly TimeProvider _clock;
    private readonly ObjectUses _uses;
    private readonly RecentObjects _recent;
    private readonly ConfirmedBlobs _confirmed;

    public ObjectStore(
        ArchiveBlobs blobs, Quarantine quarantine, ArchiveWriter writer, IDbContextFactory<ArchiveDb> contexts, ObjectRemoval removal,
        RecentObjects recent, ObjectUses uses, TimeProvider clock) =>
        (_blobs, _quarantine, _writer, _contexts, _removal, _recent, _uses, _clock, _confirmed) =
        (blobs.Objects, quarantine, writer, contexts, removal, recent, uses, clock, new(blobs.Objects, clock));

    /// <summary>Keeps an object without adding a tag.</summary>
    public Task<PutObject> PutAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken ct) =>
        PutAsync(digest, bytes, tag: null, ct);

    /// <summary>
    /// Stores an object, and removes others to make room. An object larger than the limit itself is kept until the next one arrives.
    /// </summary>
    /// <param name="digest">The digest of <paramref name="bytes"/>.</param>
    /// <param name="bytes">The object as it was uploaded.</param>
    /// <param name="tag">A tag to move to it; null for none.</param>
    /// <param name="ct">Cancels before the write begins.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="digest"/> is not the digest of <paramref name="bytes"/>, or <paramref name="tag"/> is not a tag.
    /// </exception>
    /// <exception cref="ObjectsFullException">The limit on objects or tags is reached, and none can be removed.</exception>
    public async Task<PutObject> PutAsync(Digest digest, ReadOnlyMemory<byte> bytes, string? tag, CancellationToken ct)
    {
        if (tag is not null && !ObjectRef.IsTag(tag)) throw new ArgumentException($"'{tag}' is not a tag", nameof(tag));
        // A blob of another size is damaged and is rewritten.
        if (await KnownAsync(digest, tag, ct) is { } known && await _confirmed.HasAsync(digest, bytes.Length, ct))
        {
            await _uses.RecordAsync(known, ct);
            return new(known.ToObject(), IsNew: false);
        }

        await _blobs.PutAsync(digest, bytes, ct); // Blob before row: after a kill at any time, each row has its blob.
        var (put, room) = await _writer.WriteAsync(db => PutRowAsync(db, digest, bytes, tag), _ => _recent.Forget(), ct);
        await _removal.FinishRoomAsync(room, digest, bytes.Length);
        if (put.IsNew) _removal.Tally.AddAdded();
        return put;
    }

    // The row, if the upload changes nothing. Another node may have moved the tag within the last second.
    private async Task<ObjectRow?> KnownAsync(Digest digest, string? tag, CancellationToken ct)
    {
        var reference = new ObjectRef.ByDigest(digest);
        if (tag is null) return _recent.Find(reference) ?? (await ReadRowAsync(reference, isCurrent: false, ct))?.Row;
        return await ReadRowAsync(reference, isCurrent: true, ct) is var (row, _) && row.Tags.Any(t => t.Name == tag) ? row : null;
    }

    private async Task<(PutObject Put, ObjectRoom Room)> PutRowAsync(
        ArchiveDb db, Digest digest, ReadOnlyMemory<byte> bytes, string? tag)
    {
        if (!await _blobs.HasAsync(digest, CancellationToken.None)) // removed meanwhile to make room
            await _blobs.PutAsync(digest, bytes, CancellationToken.None);
        var now = Now;
        var row = await db.Objects.Include(o => o.Tags).FirstOrDefaultAsync(o => o.Digest == digest.Hex);
        var isNew = row is null;
        if (row is null)
            db.Objects.Add(row = new ObjectRow { Digest = digest.Hex, SizeBytes = bytes.Length, UploadedAt = now, LastUsedAt = now });
        row.LastUsedAt = now;
        var isNewTag = tag is not null && await MoveTagAsync(db, tag, row);
        await db.SaveChangesAsync(CancellationToken.None);
        try
        {
            if (isNewTag) await _removal.CheckTagsAsync(db);
            var room = await _removal.MakeRoomAsync(db, digest);
            await _removal.CountAsync(db);
            return (new(row.ToObject(), isNew), room);
        }
        catch (ObjectsFullException) when (isNew)
        {
            await _blobs.DeleteAsync(digest, CancellationToken.None); // as the only writer: no other process has a row for it
            throw;
        }
    }

    /// <summary>Finds the object and records a use; null if it is not kept.</summary>
    /// <param name="reference">Its digest or a tag.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="isCurrent">Whether a tag must be read from the database for this call.</param>
    public async Task<StoredObject?> FindAsync(ObjectRef reference, CancellationToken ct, bool isCurrent = false)
    {
        if (!isCurrent && _recent.Find(reference) is { } recent) return await UseAsync(recent, isRemembered: true, ct);
        if (await ReadRowAsync(reference, isCurrent, ct) is not (var row, var isRemembered)) return null;
        return await UseAsync(row, isRemembered, ct);
    }

    private async Task<StoredObject> UseAsync(ObjectRow row, bool isRemembered, CancellationToken ct)
    {
        await _uses.RecordAsync(row, ct);
        return row.ToObject() with { IsRemembered = isRemembered };
    }

    /// <summary>The bytes of an object; null if it is not kept.</summary>
    /// <exception cref="BlobLostException">They are damaged or missing.</exception>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(Digest digest, CancellationToken ct)
        => await FindAsync(new ObjectRef.ByDigest(digest), ct) is null ? null : await ReadAsync(digest, ct);

    /// <summary>
    /// The same bytes mapped from their file, for sending to a client that may read slowly; null if the object is not kept.
    /// Dispose them.
    /// </summary>
    /// <exception cref="BlobLostException">They are damaged or missing.</exception>
    public async Task<IMemoryOwner<byte>?> OpenAsync(Digest digest, CancellationToken ct)
    {
        return await FindAsync(new ObjectRef.ByDigest(digest), ct) is null ? null : await OpenBlobAsync(digest, ct);
    }

    /// <summary>One page of the objects, newest first.</summary>
    /// <param name="limit">Maximum number of objects; at least 1.</param>
    /// <param name="after">The previous page's <see cref="ObjectPage.Next"/>; null for the first page.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="FormatException">
    /// <paramref name="after"/> is not a cursor; check <see cref="ObjectCursor.TryParse"/> first.
    /// </exception>
    public async Task<ObjectPage> ListAsync(int limit, string? after, CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        var objects = db.Objects.AsNoTracking().Include(o => o.Tags)
            .OrderByDescending(o => o.UploadedAt).ThenBy(o => o.Digest).AsQueryable();
        if (after is not null)
        {
            if (!ObjectCursor.TryParse(after, out var at, out var digest))
                throw new FormatException($"'{after}' is not a cursor of this list");
            objects = objects.Where(o => o.UploadedAt < at || (o.UploadedAt == at && string.Compare(o.Digest, digest.Hex) > 0));
        }

        // One extra row shows whether there is a next page.
        var found = (await objects.Take(limit + 1).ToListAsync(ct)).ConvertAll(StoredRows.ToObject);
        if (found.Count <= limit) return new(found, null);
        found.RemoveAt(limit);
        return new(found, ObjectCursor.After(found[^1]));
    }

    /// <summary>
    /// Removes an object and all its tags. If it is named by a tag and has another one, only that tag is removed.
    /// </summary>
    /// <returns>The digests of the removed objects: none if only the tag was removed. Null if no object has this digest or tag.</returns>
    public async Task<IReadOnlyList<Digest>?> DeleteAsync(ObjectRef reference, CancellationToken ct)
    {
        var wasThere = false;
        var deleted = await _writer.WriteAsync<List<Digest>>(
            async db =>
            {
                if (await db.Objects.Include(o => o.Tags).Named(reference).FirstOrDefaultAsync(ct) is not { } row) return [];
                wasThere = true;
                var staysFor = reference is ObjectRef.ByTag named ? row.Tags.Where(t => t.Name != named.Tag).ToList() : [];
                if (staysFor.Count > 0) db.Tags.RemoveRange(row.Tags.Except(staysFor));
                else db.Objects.Remove(row);
                await db.SaveChangesAsync(CancellationToken.None);
                await _removal.CountAsync(db);
                return staysFor.Count > 0 ? [] : [Digest.Parse(row.Digest)];
            },
            _ => _recent.Forget(),
            ct);
        await _removal.DropBlobsAsync(deleted);
        if (deleted.Count > 0) _removal.Tally.AddDeleted();
        return wasThere ? deleted : null;
    }

    private long Now => _clock.GetUtcNow().UtcTicks;

    /// <returns>Whether the tag is new.</returns>
    private async Task<bool> MoveTagAsync(ArchiveDb db, string tag, ObjectRow row)
    {
        var moving = await db.Tags.FindAsync(tag);
        if (moving is not null)
        {
            if (moving.Digest == row.Digest) return false;
            db.Tags.Remove(moving); // EF treats a changed owner as a lost one, so the tag gets a new row
            await db.SaveChangesAsync(CancellationToken.None);
        }

        row.Tags.Add(new TagRow { Name = tag, Digest = row.Digest, MovedAt = Now });
        return moving is null;
    }

    /// <summary>The bytes of an object, without counting it as a use; null if it is not kept.</summary>
    /// <exception cref="BlobLostException">They are damaged or missing.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(Digest digest, CancellationToken ct)
    {
        using var blob = await OpenBlobAsync(digest, ct);
        return blob?.Memory.ToArray();
    }

    private async Task<IMemoryOwner<byte>?> OpenBlobAsync(Digest digest, CancellationToken ct)
    {
        try
        {
            if (await _blobs.OpenAsync(digest, ct) is { } blob) return blob;
            if (!await IsKeptAsync(digest, ct)) return null; // removed meanwhile to make room for another object
            // It may have been removed and added again in between.
            return await _blobs.OpenAsync(digest, ct) ?? throw Lost(digest, "is missing");
        }
        catch (CorruptBlobException e)
        {
            await _quarantine.SetObjectAsideAsync(e);
            throw Lost(digest, "is damaged");
        }
    }

    private async Task<bool> IsKeptAsync(Digest digest, CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        return await db.Objects.AnyAsync(o => o.Digest == digest.Hex, ct);
    }

    private BlobLostException Lost(Digest digest, string how)
    {
        _confirmed.Forget(digest);
        return new(digest, $"the object {digest} {how}; upload it again");
    }

    // Concurrent callers that read the same row share the one that was remembered first.
    private async Task<(ObjectRow Row, bool IsRemembered)?> ReadRowAsync(ObjectRef reference, bool isCurrent, CancellationToken ct)
    {
        var version = _recent.Version;
        await using var db = await _contexts.CreateDbContextAsync(ct);
        var row = await db.Objects.AsNoTracking().Include(o => o.Tags).Named(reference).FirstOrDefaultAsync(ct);
        if (row is null) return null;
        var kept = _recent.Keep(reference, row, version, isCurrent);
        return (kept, kept != row);
    }
}
