using Relo.Archive.Kernels;
using Relo.Core.Bytes;
using Relo.Core.Reachability;

namespace Relo.Api.Relocations;

/// <summary>
/// The inputs of a relocation and its report. Kernels with the same BTF may differ in their known modules and inline sites, and in their
/// version, on which a verdict may depend.
/// </summary>
internal readonly record struct RelocationKey(
    Digest Object, Digest Btf, KernelModules Modules, KernelModules InlineSites, KernelVersion? Version)
{
    /// <summary>The key for an object and a kernel with the version in its name.</summary>
    public static RelocationKey Of(Digest digest, Kernel kernel) => Of(digest, kernel, kernel.LinuxVersion);

    /// <summary>The key for an object and a kernel with this version.</summary>
    public static RelocationKey Of(Digest digest, Kernel kernel, KernelVersion? version) =>
        new(digest, kernel.Btf, kernel.ModuleBtf, kernel.InlineBtf, version);
}
