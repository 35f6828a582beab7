namespace Relo.Archive.Kernels;

/// <summary>Which kernels to list; null means all.</summary>
/// <param name="Distro">Distribution, or a known alias of it.</param>
/// <param name="Version">Version of the distribution.</param>
/// <param name="Arch">Architecture, in any spelling.</param>
/// <param name="Release">Pattern of the release: <c>*</c> is any text, <c>?</c> any one character.</param>
/// <param name="Q">Words that must all occur in the id, in either case.</param>
public sealed record KernelFilter(string? Distro = null, string? Version = null, string? Arch = null, string? Release = null, string? Q = null);

/// <summary>Some kernels of a list.</summary>
/// <param name="Items">The kernels, in the order of the list.</param>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public sealed record KernelPage(IReadOnlyList<Kernel> Items, string? Next);
