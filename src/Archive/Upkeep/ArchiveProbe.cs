using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;

namespace Relo.Archive.Upkeep;

/// <summary>Checks for readiness whether each part of the archive works.</summary>
internal sealed class ArchiveProbe : IDisposable
{
    // Anyone may query health without limit, and each probe costs disk access.
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(1);

    private readonly ArchiveFolders _folders;
    private readonly ArchiveBlobs _blobs;
    private readonly ArchiveDatabase _database;
    private readonly KernelIndex _index;
    private readonly TimeProvider _clock;
    private readonly ILogger<ArchiveProbe> _log;
    private readonly SemaphoreSlim _turn = new(1);
    private (IReadOnlyList<ProbeResult> Results, long At)? _last;

    public ArchiveProbe(
        ArchiveFolders folders, ArchiveBlobs blobs, ArchiveDatabase database, KernelIndex index, TimeProvider clock, ILogger<ArchiveProbe> log) =>
        (_folders, _blobs, _database, _index, _clock, _log) = (folders, blobs, database, index, clock, log);

    /// <summary>
    /// Probes each part: <c>database</c>, <c>blobs</c>, <c>archive</c>. Results are reused for one second; changes are logged.
    /// </summary>
    public async Task<IReadOnlyList<ProbeResult>> ProbeAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_last is { } last && _clock.GetElapsedTime(last.At) is var age && age >= TimeSpan.Zero && age < Life) return last.Results;
            IReadOnlyList<ProbeResult> results = await Task.Run<IReadOnlyList<ProbeResult>>(
                async () => [ProbeDatabase(), await ProbeBlobsAsync(ct), ProbeIndex()], ct);
            foreach (var result in results)
                LogChange(result, _last?.Results.Single(r => r.Part == result.Part).Status ?? ProbeStatus.Healthy);
            _last = (results, _clock.GetTimestamp());
            return results;
        }
        finally
        {
            _turn.Release();
        }
    }

    // Logs changes only: readiness is probed every few seconds, and a lasting fault would fill the log.
    private void LogChange(ProbeResult result, ProbeStatus before)
    {
        if (result.Status == before) return;
        var level = result.Status switch
        {
            ProbeStatus.Unhealthy => LogLevel.Error, ProbeStatus.Degraded => LogLevel.Warning, _ => LogLevel.Information
        };
        _log.Log(level, "Readiness: {Part} is {Status}: {Detail}", result.Part, result.Status, result.Detail);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // Uses a new connection: an open one keeps working on a deleted file or a disk that has become read-only.
    private ProbeResult ProbeDatabase()
    {
        const string Part = "database";
        try
        {
            _database.Check();
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = _folders.Database, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1
                }.ConnectionString);
            connection.Open();
            using var read = connection.CreateCommand();
            read.CommandText = "SELECT count(*) FROM (SELECT 1 FROM Kernels LIMIT 1)";
            read.ExecuteScalar();
            try
            {
                // Takes the write lock and releases it without writing.
                using var write = connection.BeginTransaction();
                write.Rollback();
            }
            catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6)
            {
                return new(Part, ProbeStatus.Degraded, "readable, but another process holds the lock for writing");
            }

            return new(Part, ProbeStatus.Healthy, "readable and writable");
        }
        catch (DatabaseLostException e)
        {
            return new(Part, ProbeStatus.Unhealthy, e.Message);
        }
        catch (SqliteException e)
        {
            return new(Part, ProbeStatus.Unhealthy, StorageFault.Of(e) is { } fault ? $"{fault.Reason}: {e.Message}" : e.Message);
        }
    }

    private async Task<ProbeResult> ProbeBlobsAsync(CancellationToken ct)
    {
        const string Part = "blobs";
        try
        {
            await _blobs.Btf.ProbeAsync(ct);
            await _blobs.Objects.ProbeAsync(ct);
            return new(Part, ProbeStatus.Healthy, "writable");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(Part, ProbeStatus.Unhealthy, $"Archive:Root cannot be written: {StorageFault.Of(e)?.Reason ?? e.Message}");
        }
    }

    // Kernels with lost BTF do not affect requests for other kernels.
    private ProbeResult ProbeIndex()
    {
        const string Part = "archive";
        if (!_index.IsLoaded) return new(Part, ProbeStatus.Unhealthy, "not loaded yet");
        return _index.Damaged is > 0 and var damaged
            ? new(
                Part, ProbeStatus.Degraded,
                $"{_index.Count} kernels, {damaged} of which have lost BTF: GET /v1/kernels says which as damaged")
            : new(Part, ProbeStatus.Healthy, $"{_index.Count} kernels");
    }
}
