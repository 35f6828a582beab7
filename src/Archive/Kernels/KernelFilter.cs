namespace Relo.Archive.Kernels;

/// <summary>Which kernels to list; null means all.</summary>
/// <param name="Distro">Distribution, or a known alias of it.</param>
/// <param name="Version">Version of the distribution.</param>
/// <param name="Arch">Architecture, in any spelling.</param>
/// <param name="Release">Pattern of the release: <c>*</c> matches any text, <c>?</c> one character.</param>
/// <param name="Q">Words that must all occur in the id, ignoring case.</param>
public sealed record KernelFilter(
    string? Distro = null, string? Version = null, string? Arch = null, string? Release = null, string? Q = null);
