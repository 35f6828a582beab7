using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Objects;

namespace Relo.Archive;

/// <summary>Starts the archive: folders, database, files left by a killed process, snapshot, host kernel.</summary>
internal sealed class ArchiveStartup
{
    private readonly ArchiveFolders _folders;
    private readonly ArchiveBlobs _blobs;
    private readonly ArchiveMigration _migration;
    private readonly ArchiveDatabase _database;
    private readonly Orphans _orphans;
    private readonly KernelIndex _index;
    private readonly ObjectTally _tally;
    private readonly ObjectAges _ages;
    private readonly Quarantine _quarantine;
    private readonly HostKernel _host;
    private readonly ILogger<ArchiveStartup> _log;

    public ArchiveStartup(
        ArchiveFolders folders, ArchiveBlobs blobs, ArchiveMigration migration, ArchiveDatabase database, Orphans orphans, KernelIndex index, ObjectTally tally,
        ObjectAges ages, Quarantine quarantine,
        HostKernel host, ILogger<ArchiveStartup> log) =>
        (_folders, _blobs, _migration, _database, _orphans, _index, _tally, _ages, _quarantine, _host, _log) =
        (folders, blobs, migration, database, orphans, index, tally, ages, quarantine, host, log);

    /// <summary>For a service: opens the archive and registers the host's kernel.</summary>
    /// <exception cref="ArchiveStartupException">The archive cannot be used; the message says what to do.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        await OpenAsync(ct);
        await TryAsync("Files that the database does not name cannot be set aside", _orphans.SettleAsync(ct));
        await TryAsync("The last uses of objects cannot be corrected", _ages.PutRightAsync(ct)); // retried before any object is removed
        await _host.RegisterAsync(ct);
    }

    /// <summary>Must succeed before the archive is used. Adds no kernel: inspecting an archive must not change it.</summary>
    /// <exception cref="ArchiveStartupException">The archive cannot be used; the message says what to do.</exception>
    public async Task OpenAsync(CancellationToken ct)
    {
        await PrepareAsync(ct);
        try
        {
            await _migration.RunAsync(ct);
            await TryAsync("Files that a killed process left cannot be removed", Task.Run(Sweep, ct));
            await LoadAsync(ct);
            await TryAsync("Kept objects cannot be counted", CountObjectsAsync(ct));
        }
        catch (SqliteException e)
        {
            throw new ArchiveStartupException(
                $"{_folders.Database} ({Size()}) cannot be used as the archive's database: {e.Message}{await FolderFaultAsync(ct)}. "
                + $"If it is damaged, put a backup of it in its place; or move it away, then the service starts with a new database "
                + $"and moves the files that this does not name to {_folders.Orphans}", e);
        }

        _log.LogInformation("Archive {Root} is up with {Kernels} kernels", _folders.Root, _index.Count);
    }

    // Existing data can still be served if the folder is not writable; readiness reports it, and the next start retries.
    private async Task TryAsync(string failure, Task step)
    {
        try
        {
            await step;
        }
        catch (Exception e) when (StorageFault.Of(e) is { } fault)
        {
            _log.LogWarning("{Failure}: {Reason}", failure, fault.Reason);
        }
    }

    private string Size() => new FileInfo(_folders.Database) is { Exists: true } file ? $"{file.Length} bytes" : "missing";

    // SQLite reports 'disk I/O error' and 'unable to open' for disks that are only full or read-only.
    private async Task<string> FolderFaultAsync(CancellationToken ct)
    {
        try
        {
            await _blobs.Btf.ProbeAsync(ct);
            return "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"; {StorageFault.Of(e)?.Reason ?? e.Message}";
        }
    }

    private async Task PrepareAsync(CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(_folders.Blobs);
            await _blobs.Btf.PrepareAsync(ct);
            await _blobs.Objects.PrepareAsync(ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveStartupException($"Archive:Root is {_folders.Root}, which cannot be written: {e.Message}", e);
        }
    }

    private void Sweep()
    {
        var swept = _blobs.Btf.Sweep() + _blobs.Objects.Sweep() + _folders.Indexes.SweepTemporary()
            + LeftOvers.Sweep(_folders.Uploads) + LeftOvers.Sweep(_folders.Scratch);
        if (swept > 0) _log.LogInformation("{Files} files of a killed process removed", swept);
    }

    private async Task LoadAsync(CancellationToken ct)
    {
        await using var reader = await _database.ReadAsync(ct);
        var rows = await reader.KernelsAsync(ct);
        _index.Load(rows.ConvertAll(row => row.ToKernel()));
        await _quarantine.MarkKernelsAsync(ct);
    }

    private async Task CountObjectsAsync(CancellationToken ct)
    {
        await using var reader = await _database.ReadAsync(ct);
        var (count, bytes) = await reader.ObjectTotalsAsync(ct);
        _tally.Is(count, bytes);
    }
}
