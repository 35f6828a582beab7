using Relo.Archive.Kernels;
using Relo.Core;

namespace Relo.Api.MinimalBtf;

/// <summary>The part for one kernel.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Btf">The minimal BTF; empty on failure.</param>
/// <param name="Failure">Why libbpf would refuse the object on this kernel; null if it would not.</param>
/// <param name="Lost">Why the kernel's BTF cannot be read; null if it can.</param>
internal sealed record MinimalBtfPart(Kernel Kernel, ReadOnlyMemory<byte> Btf, RelocationFailed? Failure, Exception? Lost = null)
{
    /// <summary>Whether the part has BTF.</summary>
    public bool IsMade => Failure is null && Lost is null;
}
