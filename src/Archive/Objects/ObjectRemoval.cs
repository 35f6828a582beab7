using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Objects;

/// <summary>
/// Removes stored objects: those unused for a long time, and the least recently used ones to make room. Objects with a tag are kept.
/// </summary>
internal sealed class ObjectRemoval
{
    // Limits how long an upload waits for its turn while objects are removed, and the rows in memory.
    private const int AtOnce = 50;

    private readonly IBlobStore _blobs;
    private readonly IIndexEngine _engine;
    private readonly ArchiveWriter _writer;
    private readonly RecentObjects _recent;
    private readonly ObjectOptions _options;
    private readonly TimeProvider _clock;
    private readonly ObjectAges _ages;
    private readonly ILogger<ObjectRemoval> _log;

    public ObjectRemoval(
        ArchiveBlobs blobs, IIndexEngine engine, ArchiveWriter writer, ObjectAges ages, RecentObjects recent, ObjectTally tally,
        IOptions<ObjectOptions> options, TimeProvider clock, ILogger<ObjectRemoval> log) =>
        (_blobs, _engine, _writer, _ages, _recent, Tally, _options, _clock, _log) =
        (blobs.Objects, engine, writer, ages, recent, tally, options.Value, clock, log);

    /// <summary>Counts of added and removed objects since the start.</summary>
    public ObjectTally Tally { get; }

    /// <summary>
    /// Removes the objects without a tag that were unused for <see cref="ObjectOptions.Retention"/>, not counting downtime and clock jumps.
    /// Call it periodically; calls of one process must not overlap. Does nothing while another node does it.
    /// </summary>
    /// <returns>The number of objects removed.</returns>
    public async Task<int> RemoveUnusedAsync(CancellationToken ct)
    {
        await using var turn = await _engine.TryLockAsync("unused objects", ct);
        if (turn is null)
        {
            _log.LogDebug("Another node is removing unused objects");
            return 0;
        }

        await _ages.PutRightAsync(ct);
        var sum = 0;
        for (int removed; (removed = await RemoveSomeUnusedAsync(ct)) > 0;) sum += removed;
        if (sum > 0) _log.LogInformation("{Objects} objects that were unused for {Retention} were removed", sum, _options.Retention);
        return sum;
    }

    private async Task<int> RemoveSomeUnusedAsync(CancellationToken ct)
    {
        var usedLast = (_clock.GetUtcNow() - _options.Retention).UtcTicks;
        await using (var reader = await ArchiveReader.OpenAsync(_engine, ct))
            if (await reader.LongestUnusedAsync(ct) is not { } longest || longest > usedLast) return 0; // the common case
        var removed = await RemoveSomeAsync(usedLast, ct);
        Tally.AddUnused(removed);
        return removed;
    }

    /// <summary>Removes all objects without a tag, some at a time.</summary>
    public async Task RemoveUntaggedAsync(CancellationToken ct)
    {
        while (await RemoveSomeAsync(usedLast: long.MaxValue, ct) > 0)
        {
        }
    }

    // The least recently used ones without a tag that were last used until then. The writer records each in the audit trail.
    private async Task<int> RemoveSomeAsync(long usedLast, CancellationToken ct)
    {
        var removed = await _writer.WriteAsync(
            async db =>
            {
                var rows = await db.Objects.Where(o => o.LastUsedAt <= usedLast && o.Tags.Count == 0)
                    .OrderBy(o => o.LastUsedAt).Take(AtOnce).ToListAsync(ct);
                db.Objects.RemoveRange(rows);
                await db.SaveChangesAsync(CancellationToken.None);
                await CountAsync(db);
                return rows.ConvertAll(o => Digest.Parse(o.Digest));
            },
            _ => _recent.Forget(),
            ct);
        await DropBlobsAsync(removed);
        return removed.Count;
    }

    /// <summary>
    /// Removes rows of the least recently used objects if the objects take too much room: at most <see cref="AtOnce"/>, because others
    /// wait. <see cref="FinishRoomAsync"/> removes their blobs after the commit, and what is left to remove: a row must have its blob,
    /// and a blob without a row is only an orphan at the next start.
    /// </summary>
    /// <param name="db">The transaction.</param>
    /// <param name="newest">The object for which room is made; it stays.</param>
    /// <exception cref="ObjectsFullException">There are too many objects, and none can be removed.</exception>
    internal async Task<ObjectRoom> MakeRoomAsync(ArchiveDb db, Digest newest)
    {
        var totals = await ObjectTotals.ReadAsync(db);
        long bytes = totals.Bytes - _options.Bytes, count = totals.Count - _options.Count;
        if (bytes <= 0 && count <= 0) return ObjectRoom.Enough;
        var rows = await db.Objects.Where(o => o.Tags.Count == 0 && o.Digest != newest.Hex)
            .OrderBy(o => o.LastUsedAt).ThenBy(o => o.Digest).Take(AtOnce).ToListAsync();
        var removed = new List<ObjectRow>();
        foreach (var row in rows.TakeWhile(_ => bytes > 0 || count > 0))
        {
            db.Objects.Remove(row);
            removed.Add(row);
            (bytes, count) = (bytes - row.SizeBytes, count - 1);
        }

        await db.SaveChangesAsync(CancellationToken.None);
        var isMore = (bytes > 0 || count > 0) && rows.Count == AtOnce;
        if (count > 0 && !isMore) throw new ObjectsFullException("objects", _options.Count);
        if (bytes > 0 && !isMore)
            _log.LogWarning("Stored objects are {Excess} bytes beyond Objects:Bytes; all of them have a tag or are new", bytes);
        return new(removed.ConvertAll(row => Digest.Parse(row.Digest)), removed.Sum(row => row.SizeBytes), isMore);
    }

    /// <summary>Removes the blobs of removed rows, and more objects if there is not enough room yet.</summary>
    /// <param name="room">What <see cref="MakeRoomAsync"/> returned.</param>
    /// <param name="newest">The object for which room is made.</param>
    /// <param name="bytes">Its size. A small upload does not make the room of large ones that are being stored at the same time.</param>
    internal async Task FinishRoomAsync(ObjectRoom room, Digest newest, long bytes)
    {
        while (true)
        {
            bytes -= room.Bytes;
            await DropBlobsAsync(room.Removed);
            Tally.AddForRoom(room.Removed.Count);
            foreach (var digest in room.Removed) _log.LogInformation("Object {Object} removed to make room", digest);
            if (!room.IsMoreNeeded || bytes <= 0) return;
            try
            {
                room = await _writer.WriteAsync(
                    async db =>
                    {
                        var made = await MakeRoomAsync(db, newest);
                        await CountAsync(db);
                        return made;
                    },
                    _ => _recent.Forget(), CancellationToken.None);
            }
            catch (ObjectsFullException)
            {
                return; // this object is stored; the next one is refused
            }
        }
    }

    /// <summary>
    /// Deletes the blobs of objects whose rows were removed, some at a time. Checks and deletes in one transaction, so that no other
    /// process can keep such an object again in between.
    /// </summary>
    internal async Task DropBlobsAsync(IReadOnlyList<Digest> removed)
    {
        foreach (var some in removed.Chunk(AtOnce))
        {
            var names = some.Select(digest => digest.Hex).ToList();
            await _writer.WriteAsync(
                async db =>
                {
                    var again = await db.Objects.Where(o => names.Contains(o.Digest)).Select(o => o.Digest).ToListAsync();
                    await Task.WhenAll(some.Where(digest => !again.Contains(digest.Hex, StringComparer.Ordinal))
                        .Select(digest => _blobs.DeleteAsync(digest, CancellationToken.None)));
                    return some.Length;
                },
                _ => { },
                CancellationToken.None);
        }
    }

    /// <exception cref="ObjectsFullException">There are too many tags.</exception>
    internal async Task CheckTagsAsync(ArchiveDb db)
    {
        if ((await ObjectTotals.ReadAsync(db)).Tags > _options.Count) throw new ObjectsFullException("tags", _options.Count);
    }

    internal async Task CountAsync(ArchiveDb db)
    {
        var totals = await ObjectTotals.ReadAsync(db);
        Tally.Is(totals.Count, totals.Bytes);
    }
}
