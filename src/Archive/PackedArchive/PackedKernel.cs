namespace Relo.Archive.PackedArchive;

/// <summary>
/// A kernel in a packed archive. Its JSON is followed by the entry of its BTF, and by that of its modules if it has any.
/// </summary>
/// <param name="Distro">os-release <c>ID</c>.</param>
/// <param name="Version">os-release <c>VERSION_ID</c>.</param>
/// <param name="Arch">Architecture.</param>
/// <param name="Release"><c>uname -r</c>.</param>
/// <param name="Btf">The digest of its raw BTF, in hexadecimal digits.</param>
/// <param name="SizeBytes">The size of its raw BTF.</param>
/// <param name="Form">How its BTF is stored.</param>
internal sealed record PackedKernel(
    string Distro, string Version, string Arch, string Release, string Btf, int SizeBytes, PackedForm Form)
{
    /// <summary>Its GNU build-id, if known.</summary>
    public string? BuildId { get; init; }

    /// <summary>Its <c>/proc/version</c>, if known.</summary>
    public string? Banner { get; init; }

    /// <summary>The size of its stable form; 0 if <see cref="Form"/> is not a difference.</summary>
    public int StableFormBytes { get; init; }

    /// <summary>Its modules and inline sites. Their entry has the bytes of all, one after another.</summary>
    public IReadOnlyList<PackedModule> Modules { get; init; } = [];
}
