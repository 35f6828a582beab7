using Relo.Archive.Index;

namespace Relo.Archive.Layouts;

/// <summary>
/// Brings the layout index up to date before a query: if a few kernels were just added, reads their layouts, so that the result includes
/// them. If many were added, the background service reads them.
/// </summary>
internal sealed class FreshLayouts(LayoutIndex index, LayoutBuilder builder, KernelIndex kernels)
{
    private const int Few = 8; // each takes about 100 ms

    private volatile KernelSnapshot? _complete; // the layouts of all kernels in it were known

    /// <summary>Brings the index up to date.</summary>
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
