using Microsoft.EntityFrameworkCore;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Core.Fingerprints;

namespace Relo.Archive.Layouts;

/// <summary>The layout index in memory. Not thread-safe.</summary>
internal sealed class LayoutSnapshot
{
    private readonly Dictionary<int, LayoutSet> _sets = [];
    private readonly Dictionary<string, KernelLayoutsRow> _kernels = new(StringComparer.Ordinal);
    private long _lastKernel;
    private int _lastSet;

    /// <summary>The numbers of all layouts.</summary>
    public LayoutNumbers Numbers { get; } = new();

    /// <summary>All sets, by id.</summary>
    public IReadOnlyDictionary<int, LayoutSet> Sets => _sets;

    /// <summary>Reads what was written since the last time.</summary>
    /// <exception cref="DamagedDatabaseException">A row is damaged.</exception>
    public async Task<Changes> ReadAsync(ArchiveDb db, CancellationToken ct)
    {
        var (lastKernel, lastSet, next) = (_lastKernel, _lastSet, Numbers.Next);
        // A kernel's set is written with it and its layouts with the set, so in this order nothing is missing.
        var kernels = await db.KernelLayouts.AsNoTracking().Where(k => k.Id > lastKernel).OrderBy(k => k.Id).ToListAsync(ct);
        var sets = await db.LayoutSets.AsNoTracking().Where(s => s.Id > lastSet).OrderBy(s => s.Id).ToListAsync(ct);
        var blocks = await db.LayoutBlocks.AsNoTracking().Where(b => b.First >= next).OrderBy(b => b.First).ToListAsync(ct);
        try
        {
            return new(
                kernels, sets.ConvertAll(s => LayoutSet.Read(s.Id, s.BaseId, s.Ranges)),
                blocks.ConvertAll(b => (b.First, LayoutBlock.Read(b.Layouts, b.Count))));
        }
        catch (Exception e) when (DamagedRow.IsCauseOf(e))
        {
            throw DamagedRow.In("LayoutSets or LayoutBlocks", e);
        }
    }

    /// <summary>Adds what was read.</summary>
    public void Add(Changes changes)
    {
        foreach (var (first, layouts) in changes.Blocks) Numbers.Add(first, layouts);
        foreach (var set in changes.Sets) _sets[set.Id] = set;
        foreach (var kernel in changes.Kernels) _kernels[kernel.KernelId] = kernel;
        if (changes.Sets is [.., var set1]) _lastSet = set1.Id;
        if (changes.Kernels is [.., var kernel1]) _lastKernel = kernel1.Id;
    }

    /// <summary>Whether the layouts of a kernel are known, or known to be none.</summary>
    public bool Knows(Kernel kernel) => RowOf(kernel) is { } row && (row.SetId is null || SetOf(kernel) is not null);

    /// <summary>The layouts of a kernel; null if they are not known, or its types have none.</summary>
    public LayoutSet? SetOf(Kernel kernel) => RowOf(kernel)?.SetId is { } id && _sets.TryGetValue(id, out var set)
        && (set.BaseId is not { } from || _sets.ContainsKey(from)) ? set : null;

    /// <summary>All numbers of a set.</summary>
    public IEnumerable<int> NumbersOf(LayoutSet set) => set.BaseId is { } from
        ? Ranges.Read(_sets[from].Has.Span).Except(Ranges.Read(set.Lacks.Span)).Concat(Ranges.Read(set.Has.Span))
        : Ranges.Read(set.Has.Span);

    // Of a kernel that was replaced, or got another module since, the row is outdated.
    private KernelLayoutsRow? RowOf(Kernel kernel) => _kernels.TryGetValue(kernel.Id, out var row)
        && row.Definition == Fingerprint.Definition && row.Btf == LayoutSource.Of(kernel) ? row : null;

    /// <summary>What was written since.</summary>
    internal sealed record Changes(
        List<KernelLayoutsRow> Kernels, List<LayoutSet> Sets, List<(int First, (ulong Key, ulong Fingerprint)[] Layouts)> Blocks)
    {
        /// <summary>Whether there is anything.</summary>
        public bool IsEmpty => Kernels.Count + Sets.Count + Blocks.Count == 0;
    }
}
