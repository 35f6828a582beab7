using Relo.Api.Inputs;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;

namespace Relo.Api.Relocations;

/// <summary>
/// Relocates an object for the kernel that a request names: finds the kernel, relocates, applies <c>failOn</c>. If the kernel is missing,
/// the results on its neighbours are the answer.
/// </summary>
internal sealed class RequestedRelocation(KernelFinder finder, RelocationRunner runner, NeighbourProof proof)
{
    /// <summary>Relocates.</summary>
    /// <param name="found">The object.</param>
    /// <param name="query">The kernel.</param>
    /// <param name="failOn">Outcomes that the client does not want.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    /// <param name="whenNotHere">Called if this archive does not have the kernel, before the upstream archive is contacted; may
    /// refuse.</param>
    /// <param name="isPinned">Whether a digest names the BTF alone: the result does not depend on which modules are known.</param>
    /// <param name="isReportRead">Whether the report is read if the relocation succeeds.</param>
    public async Task<RelocationResult> RunAsync(
        FoundObject found, KernelQuery query, FailOn failOn, CancellationToken cancellation,
        Func<Task<FoundObject>>? whenNotHere = null, bool isPinned = false, bool isReportRead = true)
    {
        var resolution = await finder.FindAsync(query, cancellation, async () => found = whenNotHere is null ? found : await whenNotHere());
        if (resolution is KernelNotFound missing)
            return new KernelMissing(missing, await proof.OfAsync(found, missing.Neighbours, cancellation));
        if (resolution is not KernelFound here) return new KernelUnresolved(resolution);
        var kernel = isPinned ? CompletedRelocation.WithoutModules(here.Kernel) : here.Kernel;
        var result = await RelocateAsync(isReportRead);
        return result is RelocationUnwanted && !isReportRead ? await RelocateAsync(isRead: true) : result; // its report is the answer

        async Task<RelocationResult> RelocateAsync(bool isRead) =>
            failOn.Judge(await runner.RunAsync(found, kernel, here.LinuxVersion, cancellation, isReportRead: isRead));
    }
}
