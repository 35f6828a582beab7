namespace Relo.Archive.Kernels;

/// <summary>The kernel or module is new, or replaced another BTF under its id.</summary>
/// <param name="Kernel">The kernel as it is now; for a module, the kernel it belongs to.</param>
public sealed record Added(Kernel Kernel) : AddOutcome
{
    /// <summary>Modules of a package that were not added, with the reason.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
