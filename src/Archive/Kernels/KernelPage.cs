namespace Relo.Archive.Kernels;

/// <summary>One page of a list of kernels.</summary>
/// <param name="Items">The kernels, in the order of the list.</param>
/// <param name="Next">Cursor of the next page; null on the last page.</param>
public sealed record KernelPage(IReadOnlyList<Kernel> Items, string? Next);
