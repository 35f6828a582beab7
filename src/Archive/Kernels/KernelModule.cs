using Relo.Core.Bytes;

namespace Relo.Archive.Kernels;

/// <summary>A module of a kernel.</summary>
/// <param name="Name">Its name, as <c>lsmod</c> shows it: <c>nf_conntrack</c>.</param>
/// <param name="Btf">Digest of its split BTF, whose base is the BTF of its kernel.</param>
/// <param name="BtfSizeBytes">Size of its split BTF.</param>
public readonly record struct KernelModule(string Name, Digest Btf, long BtfSizeBytes);
