using Microsoft.Extensions.Options;
using Relo.Api.Caching;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Relocations;
using Relo.Api.Work;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;

namespace Relo.Api.Compatibility;

/// <summary>
/// Checks one object against kernels. The outcome for an object and a BTF is cached, a few hundred bytes per kernel and each distinct
/// outcome once, so that the same check again opens no kernel. Kernels opened for a check do not evict those that nodes
/// use.
/// </summary>
internal sealed class CompatibilityRunner(
    KernelOpener kernels, WorkGate gate, MemoryBudget budget, IOptions<ResultOptions> results, IOptions<CompatibilityOptions> options,
    ILogger<CompatibilityRunner> log)
{
    private const int BytesPerKernel = 320; // the key and its cache entries

    private readonly SingleFlightCache<RelocationKey, KernelOutcome> _outcomes =
        new(results.Value.CompatibilityBytes, OutcomeSize.Of, BytesPerKernel);

    // Per request: more workers than processors would only keep more kernels open.
    private readonly int _workers = options.Value.Parallelism > 0 ? options.Value.Parallelism : Environment.ProcessorCount;

    /// <summary>Counters of the cache.</summary>
    public CacheTally Tally => _outcomes.Tally;

    /// <summary>The findings of all kernels, in the order of completion. Kernels with the same BTF are one work item.</summary>
    /// <param name="digest">Digest of the object.</param>
    /// <param name="check">The object.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    public IAsyncEnumerable<KernelFinding> RunAsync(Digest digest, CompatibilityCheck check, IReadOnlyList<Kernel> kernels,
        CancellationToken cancellation)
    {
        var pieces = kernels.GroupBy(kernel => RelocationKey.Of(digest, kernel));
        return CompatibilityPass.RunAsync(pieces, _workers, async (same, stop) =>
        {
            var finding = await FindAsync(digest, check, same.First(), stop);
            return same.Select(kernel => finding with { Kernel = kernel });
        }, cancellation);
    }

    /// <summary>Drops the cached outcomes of a deleted object.</summary>
    public void Forget(Digest digest) => _outcomes.Forget(key => key.Object == digest);

    // A fault of one kernel in the archive is reported for that kernel and does not stop the others.
    private async Task<KernelFinding> FindAsync(Digest digest, CompatibilityCheck check, Kernel kernel, CancellationToken cancellation)
    {
        try
        {
            return KernelFinding.Of(kernel,
                (await _outcomes.GetAsync(RelocationKey.Of(digest, kernel), stop => MakeAsync(check, kernel, stop), cancellation))!);
        }
        catch (BlobLostException e)
        {
            return Failed(ProblemKinds.BlobDamaged, e.Message);
        }
        catch (KernelGoneException e)
        {
            return Failed(ProblemKinds.KernelNotFound, e.Message);
        }
        catch (MalformedObjectException e) when (e.Code == MalformedObjectException.InvalidBtf)
        {
            log.LogError(e, "BTF {Btf} of {Kernel} is undamaged but cannot be read", kernel.Btf, kernel.Id);
            return Failed(ProblemKinds.InternalError, $"its BTF {kernel.Btf} cannot be read: {e.Message}");
        }
        catch (MalformedObjectException e)
        {
            throw new RefusedException(Problem.ReportTooLarge(e.Message), e); // the object itself was read before
        }
        catch (Exception e) when (StorageFault.Of(e) is { } fault)
        {
            log.LogError("BTF {Btf} of {Kernel} cannot be read: {Reason}", kernel.Btf, kernel.Id, e.Message);
            return Failed(ProblemKinds.StorageUnavailable, $"its BTF {kernel.Btf} cannot be read: {fault.Reason}");
        }

        KernelFinding Failed(ProblemKind kind, string detail) => new(kernel, null, new(kind.Code, detail));
    }

    private async Task<KernelOutcome?> MakeAsync(CompatibilityCheck check, Kernel kernel, CancellationToken stop) => await kernels.UseAsync(
        kernel,
        keep: false,
        work => gate.RunAsync(work, stop, isOneOfMany: true),
        (opened, end) =>
        {
            using var memory = new WorkMemory(budget, besideBytes: 0);
            return check.Of(opened.Kernel, kernel.LinuxVersion, bytes => memory.ReachInTime(bytes, end), end);
        },
        stop);
}
