using Relo.Api.Http.Limits;
using Relo.Api.Work;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.MinimalBtf;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Api.MinimalBtf;

/// <summary>Computes the parts of one request; kernels that share their BTF share the work.</summary>
/// <param name="bpf">The object.</param>
/// <param name="kernels">The opened kernels.</param>
/// <param name="gate">Runs the work.</param>
/// <param name="budget">The memory for it.</param>
/// <param name="keep">Whether the kernels stay open in the cache. False for many kernels, which would evict those that nodes need.</param>
/// <param name="cancellation">Cancelled when the client disconnects.</param>
internal sealed class MinimalBtfParts(BpfObject bpf, KernelOpener kernels, WorkGate gate, MemoryBudget budget, bool keep,
    CancellationToken cancellation)
{
    private readonly Dictionary<Digest, MinimalBtfOutcome> _made = [];

    /// <summary>The part of this kernel, even if its BTF is lost, so that the other kernels' parts are still sent.</summary>
    public async Task<MinimalBtfPart> OrLostAsync(Kernel kernel)
    {
        try
        {
            return await OfAsync(kernel);
        }
        catch (BlobLostException e)
        {
            return new MinimalBtfPart(kernel, default, null, e);
        }
    }

    /// <summary>The part of this kernel.</summary>
    public async Task<MinimalBtfPart> OfAsync(Kernel kernel)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_made.TryGetValue(kernel.Btf, out var outcome))
        {
            outcome = await kernels.UseAsync(
                kernel, keep, work => gate.RunAsync(work, cancellation, isOneOfMany: !keep), (opened, end) => Make(opened.Types, end),
                cancellation);
            _made.Add(kernel.Btf, outcome);
        }

        return outcome switch
        {
            MinimalBtfMade made => new MinimalBtfPart(kernel, made.Bytes, null),
            MinimalBtfFailed failed => new MinimalBtfPart(kernel, default, failed.Failure),
            _ => throw new InvalidOperationException(outcome.GetType().Name),
        };
    }

    private MinimalBtfOutcome Make(BtfTypes kernel, CancellationToken stop)
    {
        using var memory = new WorkMemory(budget, besideBytes: bpf.Bytes.Length);
        memory.ReachInTime(MemoryNeed.ToRelocate(bpf), stop);
        return MinimalBtfMaker.Make(bpf, kernel, stop);
    }
}
