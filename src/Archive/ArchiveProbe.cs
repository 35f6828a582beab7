using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Blobs;
using Relo.Archive.Index;

namespace Relo.Archive;

/// <summary>Whether the archive can do its work, part by part; for readiness.</summary>
public sealed class ArchiveProbe
{
    private readonly ArchiveFolders _folders;
    private readonly IDbContextFactory<ArchiveDb> _contexts;
    private readonly KernelIndex _index;

    internal ArchiveProbe(ArchiveFolders folders, IDbContextFactory<ArchiveDb> contexts, KernelIndex index) => (_folders, _contexts, _index) = (folders, contexts, index);

    /// <summary>Asks each part: <c>database</c>, <c>blobs</c>, <c>archive</c>.</summary>
    public async Task<IReadOnlyList<ProbeResult>> ProbeAsync(CancellationToken ct) =>
    [
        await ProbeDatabaseAsync(ct),
        ProbeBlobs(),
        _index.IsLoaded ? new("archive", true, $"{_index.Count} kernels") : new("archive", false, "not loaded yet"),
    ];

    private async Task<ProbeResult> ProbeDatabaseAsync(CancellationToken ct)
    {
        try
        {
            await using var db = await _contexts.CreateDbContextAsync(ct);
            await db.Kernels.AnyAsync(ct);
            return new("database", true, "readable");
        }
        catch (SqliteException e)
        {
            return new("database", false, e.Message);
        }
    }

    private ProbeResult ProbeBlobs()
    {
        try
        {
            _folders.Btf.ProbeWriting();
            _folders.Objects.ProbeWriting();
            return new("blobs", true, "writable");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("blobs", false, $"Archive:Root cannot be written: {e.Message}");
        }
    }
}

/// <summary>How a part of the archive is.</summary>
/// <param name="Part"><c>database</c>, <c>blobs</c> or <c>archive</c>.</param>
/// <param name="IsHealthy">Whether it works.</param>
/// <param name="Detail">In words.</param>
public sealed record ProbeResult(string Part, bool IsHealthy, string Detail);
