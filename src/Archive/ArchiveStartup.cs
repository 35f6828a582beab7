using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Objects;

namespace Relo.Archive;

/// <summary>Brings the archive up: folders, database, left-overs of a killed process, snapshot, host kernel.</summary>
public sealed class ArchiveStartup
{
    private readonly ArchiveFolders _folders;
    private readonly ArchiveMigration _migration;
    private readonly ArchiveWriter _writer;
    private readonly KernelIndex _index;
    private readonly ObjectTally _tally;
    private readonly ObjectAges _ages;
    private readonly Quarantine _quarantine;
    private readonly HostKernel _host;
    private readonly ILogger<ArchiveStartup> _log;

    internal ArchiveStartup(ArchiveFolders folders, ArchiveMigration migration, ArchiveWriter writer, KernelIndex index, ObjectTally tally, ObjectAges ages, Quarantine quarantine, HostKernel host, ILogger<ArchiveStartup> log) =>
        (_folders, _migration, _writer, _index, _tally, _ages, _quarantine, _host, _log) = (folders, migration, writer, index, tally, ages, quarantine, host, log);

    /// <summary>For a service: opens the archive and registers the host's kernel.</summary>
    /// <exception cref="ArchiveStartupException">The archive cannot be used; the message says what to do.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        await OpenAsync(ct);
        try
        {
            await _ages.PutRightAsync(ct);
        }
        catch (Exception e) when (StorageFault.Of(e) is { } fault)
        {
            _log.LogWarning("The last uses of objects could not be put right: {Reason}", fault.Reason); // tried again before any is removed
        }

        await _host.RegisterAsync(ct);
    }

    /// <summary>Must have succeeded before anything else of the archive is used. Adds no kernel: who looks at an archive must not change it.</summary>
    /// <exception cref="ArchiveStartupException">The archive cannot be used; the message says what to do.</exception>
    public async Task OpenAsync(CancellationToken ct)
    {
        CreateFolders();
        await _migration.RunAsync(ct);
        try
        {
            await SweepAsync(ct);
        }
        catch (Exception e) when (StorageFault.Of(e) is { } fault)
        {
            // What is here can be given although nothing can be written; readiness tells, and the next start clears up.
            _log.LogWarning("What a killed process left could not be cleared up: {Reason}", fault.Reason);
        }

        await LoadAsync(ct);
        _log.LogInformation("Archive {Root} is up with {Kernels} kernels", _folders.Root, _index.Count);
    }

    private void CreateFolders()
    {
        try
        {
            _folders.Btf.Create();
            _folders.Objects.Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveStartupException($"Archive:Root is {_folders.Root}, which cannot be written: {e.Message}", e);
        }
    }

    // Half-written files, and objects whose row was never written. BTF without a row stays: it may belong to a database that is restored later.
    private async Task SweepAsync(CancellationToken ct)
    {
        var swept = _folders.Btf.SweepTemporary() + _folders.Objects.SweepTemporary() + _folders.Indexes.SweepTemporary() + LeftOvers.Sweep(_folders.Uploads) + LeftOvers.Sweep(_folders.Scratch);
        // Another process may be about to write the row: only in the writer's turn it is sure that there is none.
        if (await HasOrphansAsync(ct)) swept += await _writer.WriteAsync(DeleteOrphansAsync, _ => { }, ct);
        if (swept > 0) _log.LogInformation("{Files} files of a killed process removed", swept);
    }

    private async Task<bool> HasOrphansAsync(CancellationToken ct)
    {
        var files = _folders.Objects.All().ToList(); // before the rows: what comes meanwhile has its file first
        await using var reader = await ArchiveReader.OpenAsync(_folders.ConnectionString, ct);
        var kept = await reader.ObjectsAsync(ct);
        _tally.Is(kept.Count, kept.Values.Sum());
        return files.Exists(digest => !kept.ContainsKey(digest));
    }

    private async Task<int> DeleteOrphansAsync(ArchiveDb db)
    {
        var kept = await db.Objects.Select(o => o.Digest).ToHashSetAsync();
        var orphans = _folders.Objects.All().Where(digest => !kept.Contains(digest.Hex)).ToList();
        orphans.ForEach(_folders.Objects.Delete);
        return orphans.Count;
    }

    private async Task LoadAsync(CancellationToken ct)
    {
        await using var reader = await ArchiveReader.OpenAsync(_folders.ConnectionString, ct);
        var rows = await reader.KernelsAsync(ct);
        _index.Load(rows.Select(row => row.ToKernel()));
        _quarantine.MarkKernels();
    }
}

/// <summary>The archive cannot be used as it is; the message says what to do about it.</summary>
public sealed class ArchiveStartupException(string message, Exception? inner = null) : Exception(message, inner);
