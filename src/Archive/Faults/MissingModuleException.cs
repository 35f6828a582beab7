using Relo.Archive.Kernels;

namespace Relo.Archive.Faults;

/// <summary>The file of a kernel's module is missing: the module was deleted meanwhile, or someone removed the file.</summary>
internal sealed class MissingModuleException(KernelModule module) : Exception($"the BTF {module.Btf} of module {module.Name} has no file")
{
    public KernelModule Module { get; } = module;
}
