using System.Collections.Concurrent;
using Relo.Archive.Kernels;

namespace Relo.Archive.Index;

/// <summary>
/// Which kernel each query found in one snapshot: nodes repeat the same few queries, and the result depends only on query and snapshot.
/// Bounded; when full, it starts over.
/// </summary>
internal sealed class FoundKernels
{
    private const int MostQueries = 4096;

    // Longer text is pasted by people, not sent by nodes.
    private const int LongestText = 256;

    private readonly ConcurrentDictionary<KernelQuery, KernelFound> _found = new();

    /// <summary>The earlier result of this query; null if there is none.</summary>
    public KernelFound? Of(KernelQuery query) => _found.GetValueOrDefault(query);

    /// <summary>Remembers the result of a query.</summary>
    public void Keep(KernelQuery query, KernelFound found)
    {
        if (query.Kernel.Length + (query.Arch?.Length ?? 0) + (query.Distro?.Length ?? 0) + (query.Version?.Length ?? 0) > LongestText)
            return;
        if (_found.Count >= MostQueries) _found.Clear();
        _found[query] = found;
    }
}
