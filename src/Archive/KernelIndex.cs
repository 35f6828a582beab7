using Relo.Core.Bytes;

namespace Relo.Archive;

/// <summary>All kernels of the archive in memory. Reading never waits; each read sees one consistent state.</summary>
public sealed class KernelIndex
{
    /// <summary>How many kernels there are.</summary>
    public int Count => throw new NotSupportedException();

    /// <summary>Whether the archive was read in.</summary>
    public bool IsLoaded => throw new NotSupportedException();

    /// <summary>The kernel with this very id; null where there is none.</summary>
    public Kernel? Find(string id) => throw new NotSupportedException();

    /// <summary>The kernels that have this BTF, by id.</summary>
    public IReadOnlyList<Kernel> WithBtf(Digest btf) => throw new NotSupportedException();

    /// <summary>All kernels that match, in the order of the list.</summary>
    public IEnumerable<Kernel> Matching(KernelFilter filter) => throw new NotSupportedException();

    /// <summary>One page of the kernels that match. The cursor is a place in the order, not a count: kernels added or deleted meanwhile neither repeat nor hide others.</summary>
    /// <param name="filter">Which kernels.</param>
    /// <param name="limit">At most so many; at least 1.</param>
    /// <param name="after">The <see cref="KernelPage.Next"/> of the page before; null for the first page.</param>
    /// <exception cref="FormatException"><paramref name="after"/> is no cursor; ask <see cref="KernelCursor.TryParse"/> before.</exception>
    public KernelPage List(KernelFilter filter, int limit, string? after) => throw new NotSupportedException();
}
