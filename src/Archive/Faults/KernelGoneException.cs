using Relo.Archive.Kernels;

namespace Relo.Archive.Faults;

/// <summary>A kernel was deleted after it was found and before it was opened.</summary>
public sealed class KernelGoneException(Kernel kernel) : Exception($"{kernel.Id} was deleted during the request");
