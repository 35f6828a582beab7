using Relo.Api.Http.Problems;
using Relo.Api.Trust;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Reachability;

namespace Relo.Api.Bundles;

/// <summary>The part of a bundle for one kernel.</summary>
internal abstract record BundlePart(Kernel Kernel);

/// <summary>The kernel has an object.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Digest">Digest of the relocated object.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Bytes">The relocated object; null if an earlier part has it.</param>
/// <param name="Lacking">What the kernel lacks and the object does not load without.</param>
/// <param name="Btf">The BTF that was read: the kernel's, and that of the modules whose types the object uses.</param>
internal sealed record UsablePart(
    Kernel Kernel, Digest Digest, Verdict Verdict, ReadOnlyMemory<byte>? Bytes, IReadOnlyList<Check> Lacking,
    IReadOnlyList<StatementFile> Btf) : BundlePart(Kernel);

/// <summary>The kernel has no object.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Kind">The problem of a relocation for this kernel alone.</param>
/// <param name="Detail">The reason.</param>
internal sealed record UnusablePart(Kernel Kernel, ProblemKind Kind, string Detail) : BundlePart(Kernel);
