using Relo.Archive.Kernels;

namespace Relo.Archive.Blobs;

/// <summary>A module of a kernel has no file: it was deleted just now, or somebody took it away.</summary>
internal sealed class MissingModuleException(KernelModule module) : Exception($"the BTF {module.Btf} of module {module.Name} has no file")
{
    public KernelModule Module { get; } = module;
}
