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
    // Limits how long an upload waits for its turn while unused objects are removed, and the rows in memory.
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
        var removed = await _writer.WriteAsync(
            async db =>
            {
                var unused = await db.Objects.Where(o => o.LastUsedAt <= usedLast && o.Tags.Count == 0)
                    .OrderBy(o => o.LastUsedAt).Take(AtOnce).ToListAsync(ct);
                db.Objects.RemoveRange(unused);
                await db.SaveChangesAsync(CancellationToken.None);
                await CountAsync(db);
                return unused.ConvertAll(o => Digest.Parse(o.Digest));
            },
            _ => _recent.Forget(),
            ct);
        await DropBlobsAsync(removed);
        Tally.AddUnused(removed.Count);
        return removed.Count;
    }

    // Rows are removed here, their blobs after the commit: a row must have its blob, and a blob without a row is only an orphan at the next
    // start.
    /// <exception cref="ObjectsFullException">There are too many objects or tags, and none can be removed.</exception>
    internal async Task<List<Digest>> MakeRoomAsync(ArchiveDb db, Digest newest, bool isNewTag)
    {
        var removed = new List<Digest>();
        var totals = await ObjectTotals.ReadAsync(db);
        if (isNewTag && totals.Tags > _options.Count) throw new ObjectsFullException("tags", _options.Count);
        long bytes = totals.Bytes - _options.Bytes, count = totals.Count - _options.Count;
        var unused = db.Objects.Where(o => o.Tags.Count == 0 && o.Digest != newest.Hex)
            .OrderBy(o => o.LastUsedAt).ThenBy(o => o.Digest).Take(AtOnce);
        while ((bytes > 0 || count > 0) && await unused.ToListAsync() is [_, ..] rows)
        {
            foreach (var row in rows.TakeWhile(_ => bytes > 0 || count > 0))
            {
                db.Objects.Remove(row);
                removed.Add(Digest.Parse(row.Digest));
                (bytes, count) = (bytes - row.SizeBytes, count - 1);
            }

            await db.SaveChangesAsync(CancellationToken.None);
        }

        if (count > 0) throw new ObjectsFullException("objects", _options.Count);
        if (bytes > 0) _log.LogWarning("Stored objects are {Excess} bytes beyond Objects:Bytes; all of them have a tag or are new", bytes);
        await CountAsync(db);
        return removed;
    }

    internal async Task DropForRoomAsync(List<Digest> removed)
    {
        await DropBlobsAsync(removed);
        Tally.AddForRoom(removed.Count);
        foreach (var digest in removed) _log.LogInformation("Object {Object} removed to make room", digest);
    }

    /// <summary>
    /// Deletes the blobs of objects whose rows were removed. Checks and deletes in one transaction, so that no other process can keep such
    /// an object again in between.
    /// </summary>
    internal async Task DropBlobsAsync(List<Digest> removed)
    {
        if (removed.Count == 0) return;
        await _writer.WriteAsync(
            async db =>
            {
                foreach (var digest in removed)
                    if (!await db.Objects.AnyAsync(o => o.Digest == digest.Hex)) await _blobs.DeleteAsync(digest, CancellationToken.None);
                return removed.Count;
            },
            _ => { },
            CancellationToken.None);
    }

    internal async Task CountAsync(ArchiveDb db)
    {
        var totals = await ObjectTotals.ReadAsync(db);
        Tally.Is(totals.Count, totals.Bytes);
    }
}
