using Relo.Archive.KernelFiles;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Relocation;

namespace Relo.Archive.Kernels.Store;

/// <summary>Checks that the BTF of a module fits the BTF of its kernel.</summary>
internal static class ModuleCheck
{
    /// <summary>Reads the module as split BTF; null if it is valid.</summary>
    /// <param name="module">The module's file.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="kernel">The types of the kernel.</param>
    /// <param name="row">The kernel, for messages.</param>
    /// <param name="parts">What to store: the module's BTF and its inline sites.</param>
    public static Rejected? Check(KernelFile module, string name, KernelTypes kernel, Kernel row, out List<NamedBtf> parts)
    {
        parts = [];
        if (module.Module is null && !module.Btf.IsEmpty && name != InlineSites.Kernel && StandsAlone(module.Btf))
            return new(
                Rejected.InvalidBtf,
                $"the BTF ({module.Container}) stands on its own, so it is a whole kernel's; expected split BTF of a module",
                ".BTF",
                0);
        try
        {
            if (InlineSites.BaseOf(name) is not { } inlinedIn)
            {
                parts = ModuleParts.Of(module, name, kernel.Own);
                return null;
            }

            var on = inlinedIn == InlineSites.Kernel ? kernel.Own : kernel.Modules.FirstOrDefault(m => m.Name == inlinedIn)?.Types;
            if (on is null)
                return new(
                    Rejected.InvalidKernel,
                    $"'{name}' has the inline sites of module {inlinedIn}, which {row.Id} does not have; add that module first");
            ModuleParts.Read(module.Btf, on);
            parts = [new(name, module.Btf)];
            return null;
        }
        catch (MalformedObjectException e)
        {
            return new(Rejected.InvalidBtf, $"{e.Message} (read as split BTF on kernel BTF {row.Btf})", e.Section, e.Offset);
        }
    }

    // Split BTF continues the ids and string offsets of its base, so it cannot be read alone. Whole BTF read as split would be accepted,
    // but wrong.
    private static bool StandsAlone(ReadOnlyMemory<byte> btf)
    {
        try
        {
            return BtfReader.Read(btf).Count > 1;
        }
        catch (MalformedObjectException)
        {
            return false;
        }
    }
}
