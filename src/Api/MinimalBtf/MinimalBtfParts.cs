using Relo.Api.Kernels;
using Relo.Archive;
using Relo.Core;
using Relo.Core.Bytes;
using Relo.Core.MinimalBtf;

namespace Relo.Api.MinimalBtf;

/// <summary>What one kernel contributes.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Btf">The minimal BTF; empty where it failed.</param>
/// <param name="Failure">Why libbpf would refuse the object on this kernel; null where it would not.</param>
internal sealed record MinimalBtfPart(Kernel Kernel, ReadOnlyMemory<byte> Btf, RelocationFailed? Failure);

/// <summary>Makes the parts of one request; kernels that share their BTF share the work.</summary>
/// <param name="bpf">The object.</param>
/// <param name="btfs">The opened kernels.</param>
/// <param name="keep">Whether the kernels stay open: not where there are many, which would put out those that nodes ask for.</param>
/// <param name="cancellation">The client is gone.</param>
internal sealed class MinimalBtfParts(BpfObject bpf, BtfCache btfs, bool keep, CancellationToken cancellation)
{
    private readonly Dictionary<Digest, MinimalBtfOutcome> _made = [];

    /// <summary>The part of this kernel.</summary>
    public MinimalBtfPart Of(Kernel kernel)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_made.TryGetValue(kernel.Btf, out var outcome))
        {
            using var btf = btfs.OpenBtfOf(kernel, keep);
            _made.Add(kernel.Btf, outcome = MinimalBtfMaker.Make(bpf, btf.Types, cancellation));
        }

        return outcome switch
        {
            MinimalBtfMade made => new MinimalBtfPart(kernel, made.Bytes, null),
            MinimalBtfFailed failed => new MinimalBtfPart(kernel, default, failed.Failure),
            _ => throw new InvalidOperationException(outcome.GetType().Name),
        };
    }
}
