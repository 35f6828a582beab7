namespace Relo.Archive.Upstream;

/// <summary>The kernels of a source.</summary>
/// <param name="Kernels">Those of all parts that could be read.</param>
/// <param name="Faults">The parts that could not be read, such as a suite or an architecture.</param>
internal sealed record SourceList(IReadOnlyList<SourceKernel> Kernels, IReadOnlyList<SourceException> Faults);
