using Microsoft.Data.Sqlite;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Upkeep;

/// <summary>
/// Copies the whole state to another folder while the service runs. The index is copied as one snapshot, always to SQLite; files never
/// change under their name, so the files that its rows name are copied afterwards.
/// </summary>
internal sealed class ArchiveBackup
{
    private readonly ArchiveFolders _folders;
    private readonly ArchiveBlobs _blobs;
    private readonly IIndexEngine _engine;
    private readonly ArchiveWriter _writer;

    public ArchiveBackup(ArchiveFolders folders, ArchiveBlobs blobs, IIndexEngine engine, ArchiveWriter writer) =>
        (_folders, _blobs, _engine, _writer) = (folders, blobs, engine, writer);

    /// <summary>Writes a backup, or updates an earlier one in the same folder.</summary>
    /// <param name="folder">Target folder, created if missing. It can replace <c>Archive:Root</c>.</param>
    /// <param name="ct">Stops the backup; the next one reuses the files copied so far.</param>
    /// <exception cref="IOException">The folder cannot be written, or is the archive itself.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public async Task<BackupSummary> RunAsync(string folder, CancellationToken ct)
    {
        var target = new ArchiveFolders(folder);
        if (target.Root == _folders.Root) throw new IOException("the folder is the archive itself");
        if (File.Exists(target.Database + "-wal")) throw new IOException($"{target.Database} is in use");
        var files = ArchiveBlobs.InFiles(target);
        await files.Btf.PrepareAsync(ct);
        await files.Objects.PrepareAsync(ct);
        var copied = await CopyAllAsync(_blobs.Btf, files.Btf, ct) + await CopyAllAsync(_blobs.Objects, files.Objects, ct);
        var summary = await CopyStateAsync(target, files, copied, ct);
        // A missing file was deleted after the database was copied, or is lost. The second pass excludes writers: it finds only losses.
        return summary.Faults.Count == 0
            ? summary
            : await _writer.WriteAsync(_ => CopyStateAsync(target, files, summary.Copied, ct), _ => { }, ct, isLong: true);
    }

    private async Task<BackupSummary> CopyStateAsync(ArchiveFolders target, ArchiveBlobs files, int copied, CancellationToken ct)
    {
        await CopyDatabaseAsync(target, ct);
        var named = await NamedAsync(target, ct);
        var faults = new List<string>();
        copied += await CopyNamedAsync("BTF", named.Btf, _blobs.Btf, files.Btf, faults, ct)
            + await CopyNamedAsync("object", named.Objects, _blobs.Objects, files.Objects, faults, ct);
        List<long> sizes = [.. await KeepAsync(files.Btf, named.Btf, ct), .. await KeepAsync(files.Objects, named.Objects, ct)];
        return new(named.Kernels, named.Objects.Count, sizes.Count, sizes.Sum(), copied, faults);
    }

    // Runs before the database is copied, so that few files remain to be copied after it.
    private static async Task<int> CopyAllAsync(IBlobStore from, IBlobStore to, CancellationToken ct)
    {
        var copied = 0;
        await foreach (var (digest, _) in from.ListAsync(BlobPlace.Stored, ct))
            if (await CopyAsync(digest, from, to, ct) is true) copied++;
        return copied;
    }

    private static async Task<int> CopyNamedAsync(
        string what, HashSet<Digest> named, IBlobStore from, IBlobStore to, List<string> faults, CancellationToken ct)
    {
        var copied = 0;
        foreach (var digest in named)
        {
            switch (await CopyAsync(digest, from, to, ct))
            {
                case null: faults.Add($"{what} {digest} is lost or damaged"); break;
                case true: copied++; break;
                default: break;
            }
        }

        return copied;
    }

    // True if copied now, false if it already exists, null if there is no sound file to copy.
    private static async Task<bool?> CopyAsync(Digest digest, IBlobStore from, IBlobStore to, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (await to.HasAsync(digest, ct)) return false; // a file under its name is complete
        try
        {
            if (from is PackedBlobs packed && to is PackedBlobs target && await packed.CopyPackedAsync(digest, target, ct)) return true;
            using var blob = await from.ReadAsync(digest, ct);
            if (blob is null) return null;
            await to.PutAsync(digest, blob.Memory, ct);
            return true;
        }
        catch (CorruptBlobException)
        {
            return null;
        }
    }

    // Written under a temporary name: an interrupted copy leaves the previous one intact.
    private async Task CopyDatabaseAsync(ArchiveFolders target, CancellationToken ct)
    {
        var unfinished = target.Database + ".tmp";
        File.Delete(unfinished);
        await _engine.CopyToAsync(unfinished, ct);
        using (var file = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
        File.Move(unfinished, target.Database, overwrite: true);
        DirectorySync.Flush(target.Root);
    }

    private static async Task<Named> NamedAsync(ArchiveFolders target, CancellationToken ct)
    {
        await using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = target.Database,
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false
            }.ConnectionString);
        await connection.OpenAsync(ct);
        var kernels = await ReadAsync(connection, "SELECT Btf FROM Kernels", ct);
        var modules = await ReadAsync(connection, "SELECT Btf FROM Modules", ct);
        var objects = await ReadAsync(connection, "SELECT Digest FROM Objects", ct);
        return new(kernels.Count, [.. kernels.Concat(modules).Select(Digest.Parse)], [.. objects.Select(Digest.Parse)]);
    }

    private static async Task<List<string>> ReadAsync(SqliteConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // every caller passes a constant
        command.CommandText = sql;
#pragma warning restore CA2100
        var values = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) values.Add(reader.GetString(0));
        return values;
    }

    /// <summary>Deletes the blobs that the copied database does not name, except those to which others are stored as differences.</summary>
    /// <returns>The sizes of those that it names.</returns>
    private static async Task<List<long>> KeepAsync(IBlobStore store, HashSet<Digest> named, CancellationToken ct)
    {
        var sizes = await store.SizesAsync(ct);
        var unnamed = sizes.Keys.Where(digest => !named.Contains(digest)).ToHashSet();
        // An earlier version may have copied a difference whose base the backup has only as raw bytes.
        if (unnamed.Count > 0 && store is PackedBlobs packed) unnamed.ExceptWith(await packed.BasesAsync(ct));
        foreach (var digest in unnamed) await store.DeleteAsync(digest, ct);
        return [.. sizes.Where(blob => named.Contains(blob.Key)).Select(blob => blob.Value)];
    }

    private sealed record Named(int Kernels, HashSet<Digest> Btf, HashSet<Digest> Objects);
}
