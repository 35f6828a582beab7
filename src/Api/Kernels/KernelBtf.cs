using Relo.Archive;

namespace Relo.Api.Kernels;

/// <summary>The BTF of a kernel that the index has.</summary>
internal static class KernelBtf
{
    /// <summary>Opens it.</summary>
    /// <exception cref="InvalidOperationException">The blob is gone although the index has its kernel: the archive contradicts itself.</exception>
    public static BtfLease OpenBtfOf(this BtfCache cache, Kernel kernel, bool keep = true)
        => cache.Open(kernel.Btf, keep) ?? throw new InvalidOperationException($"the archive has {kernel.Id} but not its BTF {kernel.Btf}");

    /// <summary>Opens it, and its modules' when they are asked for.</summary>
    /// <exception cref="InvalidOperationException">The blob is gone although the index has its kernel: the archive contradicts itself.</exception>
    public static KernelLease OpenModulesToo(this BtfCache cache, Kernel kernel, bool keep = true)
        => cache.OpenWithModules(kernel, keep) ?? throw new InvalidOperationException($"the archive has {kernel.Id} but not its BTF {kernel.Btf}");
}
