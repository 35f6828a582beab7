using System.Data.Common;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Damage;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Objects;

namespace Relo.Archive;

/// <summary>Starts the archive: folders, database, files left by a killed process, snapshot, host kernel.</summary>
internal sealed class ArchiveStartup : IDisposable
{
    // In a store on another machine, listing hundreds of thousands of objects takes longer.
    private static readonly TimeSpan SettlingPatience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ArchiveFolders _folders;
    private readonly ArchiveBlobs _blobs;
    private readonly IIndexEngine _engine;
    private readonly Orphans _orphans;
    private readonly KernelIndex _index;
    private readonly ObjectTally _tally;
    private readonly ObjectAges _ages;
    private readonly Quarantine _quarantine;
    private readonly HostKernel _host;
    private readonly ILogger<ArchiveStartup> _log;

    public ArchiveStartup(
        ArchiveFolders folders, ArchiveBlobs blobs, IIndexEngine engine, Orphans orphans, KernelIndex index, ObjectTally tally,
        ObjectAges ages, Quarantine quarantine,
        HostKernel host, ILogger<ArchiveStartup> log) =>
        (_folders, _blobs, _engine, _orphans, _index, _tally, _ages, _quarantine, _host, _log) =
        (folders, blobs, engine, orphans, index, tally, ages, quarantine, host, log);

    /// <summary>For a service: opens the archive and registers the host's kernel.</summary>
    /// <exception cref="ArchiveStartupException">The archive cannot be used; the message says what to do.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        await OpenAsync(ct);
        var settling = SettleAsync();
        await Task.WhenAny(settling, Task.Delay(SettlingPatience, ct)); // beyond that, it continues while requests are served
        // retried before any object is removed
        await TryAsync("The last-use times of objects cannot be corrected", _ages.PutRightAsync(ct));
        await _host.RegisterAsync(ct);
    }

    /// <summary>Must succeed before the archive is used. Adds no kernel: inspecting an archive must not change it.</summary>
    /// <exception cref="ArchiveStartupException">The archive cannot be used; the message says what to do.</exception>
    public async Task OpenAsync(CancellationToken ct)
    {
        await PrepareAsync(ct);
        try
        {
            await _engine.MigrateAsync(ct);
            _ = _folders.Cache.StartAsync();
            await TryAsync("Temporary files of a killed process cannot be removed", Task.Run(Sweep, ct));
            await LoadAsync(ct);
            await TryAsync("Stored objects cannot be counted", CountObjectsAsync(ct));
        }
        catch (DbException e)
        {
            throw new ArchiveStartupException(await _engine.StartFaultAsync(e, ct), e);
        }

        _log.LogInformation("Archive {Root} is open with {Kernels} kernels", _folders.Root, _index.Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task SettleAsync()
    {
        var stop = _stopping.Token;
        try
        {
            await TryAsync("Blobs without a database row cannot be moved to the orphans", _orphans.SettleAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The service stops; the next start continues.
        }
        catch (Exception e)
        {
            _log.LogError(e, "Blobs without a database row cannot be moved to the orphans");
        }
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
        if (swept > 0) _log.LogInformation("Removed {Files} temporary files of a killed process", swept);
    }

    private async Task LoadAsync(CancellationToken ct)
    {
        await using var reader = await ArchiveReader.OpenAsync(_engine, ct);
        var (version, kernels) = await reader.VersionedKernelsAsync(ct);
        _index.Load(kernels, version);
        await TryAsync("Kernels whose BTF is in quarantine cannot be marked", _quarantine.MarkKernelsAsync(ct));
    }

    private async Task CountObjectsAsync(CancellationToken ct)
    {
        await using var reader = await ArchiveReader.OpenAsync(_engine, ct);
        var (count, bytes) = await reader.ObjectTotalsAsync(ct);
        _tally.Is(count, bytes);
    }
}
