using Relo.Archive.Upkeep;
using Relo.Archive.Upstream;

namespace Relo.Archive.Kernels;

/// <summary>Finds the kernel that a caller means: here, or in the upstream archive, from where it is taken in.</summary>
internal sealed class KernelFinder
{
    private readonly KernelResolver _resolver;
    private readonly UpstreamKernels _upstream;

    private readonly ArchiveWatcher _watcher;

    public KernelFinder(KernelResolver resolver, UpstreamKernels upstream, ArchiveWatcher watcher) => (_resolver, _upstream, _watcher) = (resolver, upstream, watcher);

    /// <summary>Whether the kernel is here; asks nobody.</summary>
    public KernelResolution FindHere(KernelQuery query) => _resolver.Resolve(query);

    /// <summary>As <see cref="KernelResolver.Resolve"/>; where that finds nothing and enough is known of the kernel, the upstream is asked and the steps tell what it said.</summary>
    public async Task<KernelResolution> FindAsync(KernelQuery query, CancellationToken ct)
    {
        var resolution = _resolver.Resolve(query);
        if (resolution is KernelNotFound)
        {
            await _watcher.CatchUpAsync(ct); // another process may just have added it
            resolution = _resolver.Resolve(query);
        }

        if (resolution is not KernelNotFound { Wanted: { } wanted } missing) return resolution;
        var answer = await _upstream.FetchAsync(wanted, ct);
        if (answer.RetryAfter is { } later) return new KernelUnavailable(answer.Steps[^1], later, missing.Nearest, [.. resolution.Explanation, .. answer.Steps]);
        // The same rules as ever decide whether what came is what the caller means.
        var settled = answer.IsFetched ? _resolver.Resolve(query) : resolution;
        return settled with { Explanation = [.. resolution.Explanation, .. answer.Steps, .. answer.IsFetched ? settled.Explanation : []] };
    }
}
