using Relo.Archive.Kernels;

namespace Relo.Archive.Blobs;

/// <summary>A kernel left the archive between being found and being opened.</summary>
public sealed class KernelGoneException(Kernel kernel) : Exception($"{kernel.Id} was deleted while it was asked for")
{
    /// <summary>The kernel as it was.</summary>
    public Kernel Kernel { get; } = kernel;
}
