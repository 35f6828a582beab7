using Relo.Core.Bytes;

namespace Relo.Archive.Kernels;

/// <summary>A module of a kernel.</summary>
/// <param name="Name">Its name, as <c>lsmod</c> shows it: <c>nf_conntrack</c>.</param>
/// <param name="Btf">Digest of its split BTF, whose base is the BTF of its kernel.</param>
/// <param name="BtfSizeBytes">Size of its split BTF.</param>
/// <param name="AddedAt">The time it was added, UTC.</param>
public sealed record KernelModule(string Name, Digest Btf, long BtfSizeBytes, DateTimeOffset AddedAt);
