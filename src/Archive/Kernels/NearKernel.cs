namespace Relo.Archive.Kernels;

/// <summary>A kernel near the requested one.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Why">The similarities and differences.</param>
public sealed record NearKernel(Kernel Kernel, string Why);
