using Relo.Archive;
using Relo.Core.Bytes;

namespace Relo.Api.Relocations;

/// <summary>What a relocation depends on: kernels of one BTF may differ in the modules whose BTF is known.</summary>
internal readonly record struct RelocationKey(Digest Object, Digest Btf, KernelModules Modules)
{
    /// <summary>Of an object on a kernel.</summary>
    public static RelocationKey Of(Digest digest, Kernel kernel) => new(digest, kernel.Btf, kernel.ModuleBtf);
}
