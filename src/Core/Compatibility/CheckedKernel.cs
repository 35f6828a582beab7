namespace Relo.Core.Compatibility;

/// <summary>The outcome of an object on one kernel, and the kernels that share it.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Also">
/// Every kernel with the same layouts of the names of the <see cref="LayoutQuestion"/>, and of these, has the same outcome. Null if only
/// this kernel has it for certain.
/// </param>
public sealed record CheckedKernel(KernelOutcome Outcome, IReadOnlyList<ulong>? Also);
