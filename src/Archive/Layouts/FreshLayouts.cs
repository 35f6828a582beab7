using Relo.Archive.Index;

namespace Relo.Archive.Layouts;

/// <summary>
/// Brings the layout index up to date before a question: reads the layouts of a few kernels that were just added, rather than leave them
/// out. Many of them are left to the background.
/// </summary>
internal sealed class FreshLayouts(LayoutIndex index, LayoutBuilder builder, KernelIndex kernels)
{
    private const int Few = 8; // each takes about 100 ms

    private volatile KernelSnapshot? _complete; // kernels of which all layouts were known

    /// <summary>Does so.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        await index.CatchUpAsync(ct);
        var now = kernels.Current;
        if (ReferenceEquals(now, _complete)) return;
        var lacking = index.Lacking(now.InOrder).Count;
        if (lacking == 0) _complete = now;
        if (lacking is 0 or > Few) return;
        await builder.BuildAsync(parallelism: 1, ct);
        await index.CatchUpAsync(ct);
    }
}
