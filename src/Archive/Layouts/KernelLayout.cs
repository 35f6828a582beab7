using Relo.Archive.Kernels;
using Relo.Core.Fingerprints;

namespace Relo.Archive.Layouts;

/// <summary>The layout of one name on one kernel.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="IsKnown">Whether the index knows the kernel. If not, only its BTF can answer.</param>
/// <param name="Fingerprint">The fingerprint; null if the kernel has no such name, or is not known.</param>
public sealed record KernelLayout(Kernel Kernel, bool IsKnown, Fingerprint? Fingerprint);
