using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Resolution;
using Relo.Archive.Upstream;

namespace Relo.Archive.OnDemand;

/// <summary>Finds the caller's kernel in the archive, or fetches it from a source.</summary>
internal sealed class KernelFinder
{
    private readonly KernelResolver _resolver;
    private readonly UpstreamKernels _upstream;

    private readonly ArchiveWatcher _watcher;
    private readonly KernelIndex _index;

    public KernelFinder(KernelResolver resolver, UpstreamKernels upstream, ArchiveWatcher watcher, KernelIndex index) =>
        (_resolver, _upstream, _watcher, _index) = (resolver, upstream, watcher, index);

    /// <summary>
    /// Like <see cref="KernelResolver.Resolve"/>, then asks the upstream sources if the kernel is missing and its identity is known
    /// well enough.
    /// </summary>
    /// <param name="query">The kernel.</param>
    /// <param name="ct">Cancels the search.</param>
    /// <param name="whenNotHere">Called if this process does not know the kernel, before any other lookup; may throw.</param>
    public async Task<KernelResolution> FindAsync(KernelQuery query, CancellationToken ct, Func<Task>? whenNotHere = null)
    {
        var known = _index.Current;
        var resolution = _resolver.Resolve(query);
        if (resolution is KernelFound) return resolution;
        if (whenNotHere is not null) await whenNotHere();
        if (resolution is KernelNotFound)
        {
            await _watcher.CatchUpAsync(ct); // another process may just have added it
            if (_index.Current != known) resolution = _resolver.Resolve(query);
        }

        if (resolution is not KernelNotFound { Wanted: { } wanted } missing) return resolution;
        var answer = await _upstream.FetchAsync(wanted, ct);
        if (answer is { IsFetched: false, Trouble: { } trouble })
            return new KernelUnavailable(trouble, answer.RetryAfter, missing.Nearest, [.. resolution.Explanation, .. answer.Steps]);
        // Resolves again, so that the same rules decide whether the fetched kernel is the caller's.
        var settled = answer.IsFetched ? _resolver.Resolve(query) : resolution;
        return settled with { Explanation = [.. resolution.Explanation, .. answer.Steps, .. answer.IsFetched ? settled.Explanation : []] };
    }
}
