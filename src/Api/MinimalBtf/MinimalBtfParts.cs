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

/// <summary>
/// Computes the parts of one request; kernels that share their BTF share the work. Minimal BTF is kept until the last kernel with that BTF
/// is sent.
/// </summary>
/// <param name="bpf">The object.</param>
/// <param name="all">The kernels of the request; each is requested at most once.</param>
/// <param name="opener">Opens them.</param>
/// <param name="gate">Runs the work.</param>
/// <param name="budget">The memory for it.</param>
/// <param name="held">The memory that the request holds, for the parts that are kept.</param>
/// <param name="keep">Whether the kernels stay open in the cache. False for many kernels, which would evict those that nodes need.</param>
/// <param name="cancellation">Cancelled when the client disconnects.</param>
internal sealed class MinimalBtfParts(BpfObject bpf, IReadOnlyList<Kernel> all, KernelOpener opener, WorkGate gate, MemoryBudget budget,
    MemoryShare held, bool keep, CancellationToken cancellation)
{
    private readonly Dictionary<Digest, MinimalBtfOutcome> _made = [];
    private readonly Dictionary<Digest, int> _left = all.CountBy(kernel => kernel.Btf).ToDictionary();
    private Digest? _last;

    /// <summary>The part of this kernel, even if its BTF cannot be read, so that the other kernels' parts are still sent.</summary>
    public async Task<MinimalBtfPart> OrLostAsync(Kernel kernel)
    {
        try
        {
            return await OfAsync(kernel);
        }
        catch (Exception e) when (e is BlobLostException or KernelGoneException
            or MalformedObjectException { Code: MalformedObjectException.InvalidBtf })
        {
            return new MinimalBtfPart(kernel, default, null, e);
        }
    }

    /// <summary>The part of this kernel. The part before it must be sent.</summary>
    public async Task<MinimalBtfPart> OfAsync(Kernel kernel)
    {
        cancellation.ThrowIfCancellationRequested();
        DropLast();
        _last = kernel.Btf;
        _left[kernel.Btf]--;
        if (!_made.TryGetValue(kernel.Btf, out var outcome))
        {
            outcome = await opener.UseAsync(
                kernel, keep, work => gate.RunAsync(work, cancellation, isOneOfMany: !keep), (opened, end) => Make(opened.Types, end),
                cancellation);
            held.Take(BytesOf(outcome));
            _made.Add(kernel.Btf, outcome);
        }

        return outcome switch
        {
            MinimalBtfMade made => new MinimalBtfPart(kernel, made.Bytes, null),
            MinimalBtfFailed failed => new MinimalBtfPart(kernel, default, failed.Failure),
            _ => throw new InvalidOperationException(outcome.GetType().Name),
        };
    }

    // Nothing needs the part that was sent last, unless another kernel has the same BTF.
    private void DropLast()
    {
        if (_last is { } btf && _left[btf] == 0 && _made.Remove(btf, out var sent)) held.Release(BytesOf(sent));
    }

    private static long BytesOf(MinimalBtfOutcome outcome) => outcome is MinimalBtfMade made ? made.Bytes.Length : 0;

    private MinimalBtfOutcome Make(BtfTypes kernel, CancellationToken stop)
    {
        using var memory = new WorkMemory(budget, besideBytes: bpf.Bytes.Length);
        memory.ReachInTime(MemoryNeed.ToRelocate(bpf), stop);
        return MinimalBtfMaker.Make(bpf, kernel, stop);
    }
}
