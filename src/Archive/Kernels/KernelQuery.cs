namespace Relo.Archive.Kernels;

/// <summary>The caller's identification of a kernel.</summary>
/// <param name="Kernel">A release, <c>distro/version/arch/release</c>, <c>sha256:</c> digest of a BTF, or the text of <c>uname -a</c> or
/// <c>/proc/version</c>.</param>
/// <param name="Arch">Narrows to one architecture, in any spelling.</param>
/// <param name="Distro">Narrows to one distribution (os-release <c>ID</c>, or a known alias).</param>
/// <param name="Version">Narrows to one version of the distribution (os-release <c>VERSION_ID</c>).</param>
public sealed record KernelQuery(string Kernel, string? Arch = null, string? Distro = null, string? Version = null);
