using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;

namespace Relo.Archive.Upkeep;

/// <summary>The readiness check of each part of the archive.</summary>
internal sealed class ArchiveProbe : IDisposable
{
    // Anyone may query health without limit, and each probe costs disk access.
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(1);

    private readonly ArchiveFolders _folders;
    private readonly ArchiveBlobs _blobs;
    private readonly IIndexEngine _engine;
    private readonly KernelIndex _index;
    private readonly TimeProvider _clock;
    private readonly ILogger<ArchiveProbe> _log;
    private readonly SemaphoreSlim _turn = new(1);
    private (IReadOnlyList<ProbeResult> Results, long At)? _last;

    public ArchiveProbe(
        ArchiveFolders folders, ArchiveBlobs blobs, IIndexEngine engine, KernelIndex index, TimeProvider clock,
        ILogger<ArchiveProbe> log) =>
        (_folders, _blobs, _engine, _index, _clock, _log) = (folders, blobs, engine, index, clock, log);

    /// <summary>
    /// Probes each part: <c>database</c>, <c>blobs</c>, <c>archive</c>. Results are reused for one second; changes are logged.
    /// </summary>
    public async Task<IReadOnlyList<ProbeResult>> ProbeAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_last is { } last && _clock.GetElapsedTime(last.At) is var age && age >= TimeSpan.Zero && age < Life) return last.Results;
            IReadOnlyList<ProbeResult> results = [await _engine.ProbeAsync(ct), await ProbeBlobsAsync(ct), ProbeIndex()];
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
            ProbeStatus.Unhealthy => LogLevel.Error,
            ProbeStatus.Degraded => LogLevel.Warning,
            _ => LogLevel.Information
        };
        _log.Log(level, "Readiness: {Part} is {Status}: {Detail}", result.Part, result.Status, result.Detail);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<ProbeResult> ProbeBlobsAsync(CancellationToken ct)
    {
        const string Part = "blobs";
        try
        {
            await _blobs.Objects.ProbeAsync(ct);
            return new(Part, ProbeStatus.Healthy, await _blobs.Btf.ProbeAsync(ct));
        }
        catch (BlobStoreException e)
        {
            return new(Part, ProbeStatus.Unhealthy, e.Message);
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
                $"{_index.Count} kernels; BTF of {damaged} of them is damaged or missing: GET /v1/kernels shows which")
            : new(Part, ProbeStatus.Healthy, $"{_index.Count} kernels");
    }
}
