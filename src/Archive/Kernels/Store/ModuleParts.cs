using Relo.Archive.KernelFiles;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Kernels.Store;

/// <summary>
/// Extracts what the archive stores of a module's file: its split BTF, relocated from a distilled base to the kernel's BTF if it has one,
/// and its inline sites.
/// </summary>
internal static class ModuleParts
{
    /// <summary>The parts of a file to store.</summary>
    /// <param name="file">The module, or the kernel itself, of which only the inline sites are returned.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="kernel">The kernel's types.</param>
    /// <exception cref="MalformedObjectException">Its BTF does not fit the kernel's.</exception>
    public static List<NamedBtf> Of(KernelFile file, string name, BtfTypes kernel)
    {
        var (own, inline) = (file.Btf, file.Inline);
        if (!file.DistilledBase.IsEmpty)
        {
            var fit = DistilledBase.Fit(file.DistilledBase, file.Btf, kernel);
            own = fit.Module;
            if (!inline.IsEmpty) inline = fit.Refit(inline);
        }

        var isKernel = name == InlineSites.Kernel;
        var types = isKernel ? kernel : Read(own, kernel);
        List<NamedBtf> parts = isKernel ? [] : [new(name, own) { NameHashes = ModuleNames.HashesOf(types) }];
        if (inline.IsEmpty) return parts;
        Read(inline, types);
        return [.. parts, new(InlineSites.NameOf(name), inline)];
    }

    /// <summary>Reads split BTF.</summary>
    /// <exception cref="MalformedObjectException">The BTF is invalid, or has no types of its own.</exception>
    public static BtfTypes Read(ReadOnlyMemory<byte> split, BtfTypes on)
    {
        var types = BtfReader.Read(split, on);
        if (types.Count > on.Count) return types;
        throw new MalformedObjectException(MalformedObjectException.InvalidBtf, ".BTF", 0, "the module's BTF holds no types of its own");
    }
}
