using Relo.Archive.Kernels;
using Relo.Core.Bytes;
using Relo.Core.Reachability;

namespace Relo.Api.Relocations;

/// <summary>
/// What a relocation and its report depend on: kernels of one BTF may differ in the modules whose BTF is known, and in their version, which a verdict may rest on.
/// </summary>
internal readonly record struct RelocationKey(Digest Object, Digest Btf, KernelModules Modules, KernelVersion? Version)
{
    /// <summary>Of an object on a kernel, whose version its name says.</summary>
    public static RelocationKey Of(Digest digest, Kernel kernel) => Of(digest, kernel, kernel.LinuxVersion);

    /// <summary>Of an object on a kernel of that version.</summary>
    public static RelocationKey Of(Digest digest, Kernel kernel, KernelVersion? version) => new(digest, kernel.Btf, kernel.ModuleBtf, version);
}
