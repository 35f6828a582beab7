namespace Relo.Archive.Kernels;

/// <summary>The caller's description of a kernel file. Data that the file contains may be omitted.</summary>
/// <param name="Distro">os-release <c>ID</c>; <c>custom</c> if unknown.</param>
/// <param name="Version">os-release <c>VERSION_ID</c>; <c>local</c> if unknown.</param>
/// <param name="Arch">Architecture, in any spelling.</param>
/// <param name="Release"><c>uname -r</c>.</param>
/// <param name="Module">Name of the module, if the file is one.</param>
public sealed record KernelDescription(
    string? Distro = null, string? Version = null, string? Arch = null, string? Release = null, string? Module = null)
{
    /// <summary>The build-id of the running kernel.</summary>
    internal string? BuildId { get; init; }

    /// <summary>The <c>/proc/version</c> of the running kernel.</summary>
    internal string? Banner { get; init; }
}
