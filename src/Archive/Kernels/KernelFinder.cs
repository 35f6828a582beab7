using Relo.Archive.Upkeep;
using Relo.Archive.Upstream;

namespace Relo.Archive.Kernels;

/// <summary>Finds the caller's kernel in the archive, or fetches it from the upstream archive.</summary>
internal sealed class KernelFinder
{
    private readonly KernelResolver _resolver;
    private readonly UpstreamKernels _upstream;

    private readonly ArchiveWatcher _watcher;

    public KernelFinder(KernelResolver resolver, UpstreamKernels upstream, ArchiveWatcher watcher) =>
        (_resolver, _upstream, _watcher) = (resolver, upstream, watcher);

    /// <summary>Looks in this archive only.</summary>
    public KernelResolution FindHere(KernelQuery query) => _resolver.Resolve(query);

    /// <summary>
    /// Like <see cref="KernelResolver.Resolve"/>, then asks the upstream archive if the kernel is missing and its identity is known well
    /// enough.
    /// </summary>
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
        if (answer.RetryAfter is { } later)
            return new KernelUnavailable(answer.Steps[^1], later, missing.Nearest, [.. resolution.Explanation, .. answer.Steps]);
        // Resolves again, so that the same rules decide whether the fetched kernel is the caller's.
        var settled = answer.IsFetched ? _resolver.Resolve(query) : resolution;
        return settled with { Explanation = [.. resolution.Explanation, .. answer.Steps, .. answer.IsFetched ? settled.Explanation : []] };
    }
}
