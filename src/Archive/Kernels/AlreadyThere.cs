namespace Relo.Archive.Kernels;

/// <summary>The archive already has the kernel or module with the same BTF.</summary>
/// <param name="Kernel">The existing kernel.</param>
public sealed record AlreadyThere(Kernel Kernel) : AddOutcome
{
    /// <summary>As in <see cref="Added"/>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
