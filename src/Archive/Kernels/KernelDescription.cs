namespace Relo.Archive.Kernels;

/// <summary>What a caller says of a kernel file; what the file knows itself may be left out.</summary>
/// <param name="Distro">os-release <c>ID</c>; <c>custom</c> where nobody says.</param>
/// <param name="Version">os-release <c>VERSION_ID</c>; <c>local</c> where nobody says.</param>
/// <param name="Arch">Architecture, in any spelling.</param>
/// <param name="Release"><c>uname -r</c>.</param>
/// <param name="Module">Name of the module, where the file is one.</param>
public sealed record KernelDescription(string? Distro = null, string? Version = null, string? Arch = null, string? Release = null, string? Module = null)
{
    /// <summary>The build-id of the kernel that runs.</summary>
    internal string? BuildId { get; init; }

    /// <summary>The <c>/proc/version</c> of the kernel that runs.</summary>
    internal string? Banner { get; init; }
}
