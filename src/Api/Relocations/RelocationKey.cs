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
    /// <summary>
    /// Whether the result may be that of another kernel on which the object reads the same layouts: the bytes, the verdict and the checks
    /// are the same, but the report names type ids. If <see cref="Btf"/> is a digest of these layouts, all kernels with them share it.
    /// </summary>
    public bool IsShared { get; private init; }

    /// <summary>The key of a result that may be shared.</summary>
    public RelocationKey Shared() => this with { IsShared = true };

    /// <summary>The key of the result on all kernels with these layouts.</summary>
    /// <param name="layouts">A digest of the layouts that the object reads.</param>
    /// <param name="decisive">The part of the version that decides.</param>
    public RelocationKey OfLayouts(Digest layouts, KernelVersion? decisive) =>
        this with { Btf = layouts, Modules = [], Version = decisive, IsShared = true };

    /// <summary>The key for an object and a kernel with the version in its name.</summary>
    public static RelocationKey Of(Digest digest, Kernel kernel) => Of(digest, kernel, kernel.LinuxVersion);

    /// <summary>The key for an object and a kernel with this version.</summary>
    public static RelocationKey Of(Digest digest, Kernel kernel, KernelVersion? version) =>
        new(digest, kernel.Btf, kernel.ModuleBtf, kernel.InlineBtf, version);
}
