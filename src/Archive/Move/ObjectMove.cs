using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Move;

/// <summary>Copies objects in batches, each after its bytes, and then the tags. Tags that were deleted here are deleted there.</summary>
internal sealed class ObjectMove(IIndexEngine from, IIndexEngine to, ArchiveWriter writer, BlobCopy objects, IProgress<string>? progress)
{
    private const int Batch = 500;

    /// <returns>The number of objects that were new, and of tags that were new, moved or deleted.</returns>
    public async Task<int> RunAsync(List<string> faults, CancellationToken ct) =>
        await CopyObjectsAsync(faults, ct) + await CopyTagsAsync(ct) + await DropTagsAsync(ct);

    private async Task<int> CopyObjectsAsync(List<string> faults, CancellationToken ct)
    {
        int seen = 0, copied = 0;
        for (var after = ""; ;)
        {
            List<ObjectRow> rows;
            await using (var db = await from.CreateDbContextAsync(ct))
                rows = await db.Objects.AsNoTracking().Where(o => string.Compare(o.Digest, after) > 0)
                    .OrderBy(o => o.Digest).Take(Batch).ToListAsync(ct);
            if (rows.Count == 0) return copied;
            after = rows[^1].Digest;
            seen += rows.Count;
            rows = await MissingAsync(rows, ct);
            var lost = await objects.RunAsync(rows.Select(row => (Digest.Parse(row.Digest), row.SizeBytes)), ct);
            faults.AddRange(lost.Select(blob => $"object {blob.Key.Hex}: {blob.Value}"));
            rows.RemoveAll(row => lost.ContainsKey(Digest.Parse(row.Digest)));
            if (rows.Count > 0) copied += await WriteAsync(rows, ct);
            progress?.Report($"{seen} objects, {copied} of them copied");
        }
    }

    private async Task<List<ObjectRow>> MissingAsync(List<ObjectRow> rows, CancellationToken ct)
    {
        var digests = rows.ConvertAll(row => row.Digest);
        await using var db = await to.CreateDbContextAsync(ct);
        var there = await db.Objects.Where(o => digests.Contains(o.Digest)).Select(o => o.Digest).ToHashSetAsync(ct);
        return rows.FindAll(row => !there.Contains(row.Digest));
    }

    private Task<int> WriteAsync(List<ObjectRow> rows, CancellationToken ct) => writer.WriteAsync(
        db =>
        {
            db.Objects.AddRange(rows);
            return Task.FromResult(rows.Count);
        },
        _ => { },
        ct,
        copiesTrail: true);

    private async Task<int> CopyTagsAsync(CancellationToken ct)
    {
        var copied = 0;
        for (var after = ""; ;)
        {
            List<TagRow> tags;
            await using (var db = await from.CreateDbContextAsync(ct))
                tags = await db.Tags.AsNoTracking().Where(t => string.Compare(t.Name, after) > 0)
                    .OrderBy(t => t.Name).Take(Batch).ToListAsync(ct);
            if (tags.Count == 0) return copied;
            after = tags[^1].Name;
            copied += await writer.WriteAsync(db => PutTagsAsync(db, tags), _ => { }, ct, copiesTrail: true);
        }
    }

    // A tag may have moved since an earlier part of the move; one of a lost object is not copied.
    private static async Task<int> PutTagsAsync(ArchiveDb db, List<TagRow> tags)
    {
        List<string> names = tags.ConvertAll(tag => tag.Name), digests = tags.ConvertAll(tag => tag.Digest);
        var known = await db.Tags.AsNoTracking().Where(t => names.Contains(t.Name)).ToDictionaryAsync(t => t.Name, StringComparer.Ordinal);
        var there = await db.Objects.Where(o => digests.Contains(o.Digest)).Select(o => o.Digest).ToHashSetAsync();
        var changed = tags.FindAll(tag => there.Contains(tag.Digest) && known.GetValueOrDefault(tag.Name)?.Digest != tag.Digest);
        var moved = changed.ConvertAll(tag => tag.Name);
        await db.Tags.Where(t => moved.Contains(t.Name)).ExecuteDeleteAsync();
        db.Tags.AddRange(changed);
        return changed.Count;
    }

    // The target has no audit trail of its own, so nobody has set a tag there.
    private async Task<int> DropTagsAsync(CancellationToken ct)
    {
        var dropped = 0;
        for (var after = ""; ;)
        {
            List<string> there;
            await using (var db = await to.CreateDbContextAsync(ct))
                there = await db.Tags.Where(t => string.Compare(t.Name, after) > 0)
                    .OrderBy(t => t.Name).Take(Batch).Select(t => t.Name).ToListAsync(ct);
            if (there.Count == 0) return dropped;
            after = there[^1];
            List<string> gone;
            await using (var own = await from.CreateDbContextAsync(ct))
                gone = [.. there.Except(await own.Tags.Where(t => there.Contains(t.Name)).Select(t => t.Name).ToListAsync(ct))];
            if (gone.Count == 0) continue;
            dropped += await writer.WriteAsync(
                db => db.Tags.Where(t => gone.Contains(t.Name)).ExecuteDeleteAsync(CancellationToken.None), _ => { }, ct,
                copiesTrail: true);
        }
    }
}
