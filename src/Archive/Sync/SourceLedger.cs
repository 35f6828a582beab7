using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Archive.Upstream;

namespace Relo.Archive.Sync;

/// <summary>What each source listed last, and which of its kernels could not be used.</summary>
internal sealed class SourceLedger(ArchiveWriter writer, IDbContextFactory<ArchiveDb> contexts, TimeProvider clock)
{
    // A write excludes other writers, so it must be short.
    private const int Batch = 500;

    /// <summary>The rows of a source, by <see cref="KeyOf(SourceKernel)"/>.</summary>
    public async Task<Dictionary<string, ListedKernelRow>> ReadAsync(string source, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.ListedKernels.AsNoTracking().Where(row => row.Source == source)
            .ToDictionaryAsync(KeyOf, StringComparer.Ordinal, ct);
    }

    /// <summary>The rows that match.</summary>
    /// <param name="source">Name of a source; null: all.</param>
    /// <param name="filter">Which kernels; only distribution, version and architecture count.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<List<ListedKernelRow>> ReadAsync(string? source, KernelFilter filter, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var rows = db.ListedKernels.AsNoTracking();
        if (source is not null) rows = rows.Where(row => row.Source == source);
        if (filter.Distro is { } distro && KernelName.Distro(distro) is var named) rows = rows.Where(row => row.Distro == named);
        if (filter.Version is { } version && KernelName.Version(version) is var of) rows = rows.Where(row => row.Version == of);
        if (filter.Arch is { } arch && KernelName.Arch(arch) is var on) rows = rows.Where(row => row.Arch == on);
        return await rows.ToListAsync(ct);
    }

    /// <summary>When a source was last listed, even in part; null if it has no rows.</summary>
    public async Task<DateTimeOffset?> ListedAtAsync(string source, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var ticks = await db.ListedKernels.Where(row => row.Source == source).MaxAsync(row => (long?)row.SeenAt, ct);
        return ticks is null ? null : new(ticks.Value, TimeSpan.Zero);
    }

    /// <summary>Records the list of a source; what a complete list no longer has is forgotten.</summary>
    public async Task RecordListAsync(string source, IReadOnlyList<SourceKernel> kernels, bool isComplete, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcTicks;
        foreach (var batch in kernels.DistinctBy(KeyOf).Chunk(Batch))
        {
            await writer.WriteAsync(
                async db =>
                {
                    var releases = batch.Select(k => k.Release).Distinct(StringComparer.Ordinal).ToList();
                    var known = await db.ListedKernels.Where(row => row.Source == source && releases.Contains(row.Release))
                        .ToDictionaryAsync(KeyOf, StringComparer.Ordinal);
                    foreach (var kernel in batch)
                    {
                        if (known.TryGetValue(KeyOf(kernel), out var row)) (row.SeenAt, row.Path) = (now, kernel.Path);
                        else db.ListedKernels.Add(RowOf(source, kernel, now));
                    }

                    return true;
                },
                _ => { },
                ct);
        }

        if (!isComplete) return;
        await writer.WriteAsync(
            db => db.ListedKernels.Where(row => row.Source == source && row.SeenAt < now).ExecuteDeleteAsync(), _ => { }, ct);
    }

    /// <summary>Records the result of fetching a kernel.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="fault">Why it is not here; null if it is.</param>
    /// <param name="isRefused">Whether the same file would be refused again.</param>
    public Task RecordTryAsync(string source, SourceKernel kernel, string? fault, bool isRefused) => writer.WriteAsync(
        async db =>
        {
            var sample = RowOf(source, kernel, clock.GetUtcNow().UtcTicks);
            var row = await db.ListedKernels.FindAsync(sample.Source, sample.Distro, sample.Version, sample.Arch, sample.Release);
            if (row is null) db.ListedKernels.Add(row = sample);
            row.TriedAt = clock.GetUtcNow().UtcTicks;
            row.Fault = fault;
            row.RefusedStamp = isRefused ? kernel.Stamp : null;
            return true;
        },
        _ => { },
        CancellationToken.None);

    public static string KeyOf(SourceKernel kernel) => KeyOf(RowOf("", kernel, 0));

    private static string KeyOf(ListedKernelRow row) => $"{row.Distro}/{row.Version}/{row.Arch}/{row.Release}";

    private static ListedKernelRow RowOf(string source, SourceKernel kernel, long seenAt) => new()
    {
        Source = source,
        Distro = KernelName.Distro(kernel.Distro),
        Version = kernel.Version is null ? "" : KernelName.Version(kernel.Version),
        Arch = KernelName.Arch(kernel.Arch),
        Release = kernel.Release,
        Path = kernel.Path,
        SeenAt = seenAt,
    };
}
