using Relo.Archive;
using Relo.Core.Bytes;
using Relo.Core.Reachability;

namespace Relo.Api.Relocations;

/// <summary>
/// What a relocation and its report depend on: kernels of one BTF may differ in the modules whose BTF is known, and in their version, which a verdict may rest on.
/// </summary>
internal readonly record struct RelocationKey(Digest Object, Digest Btf, KernelModules Modules, KernelVersion? Version)
{
    /// <summary>Of an object on a kernel.</summary>
    public static RelocationKey Of(Digest digest, Kernel kernel) => new(digest, kernel.Btf, kernel.ModuleBtf, kernel.LinuxVersion);
}
