using Relo.Archive.Import;
using Relo.Archive.Opened;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Kernels;

/// <summary>BTF to be kept for a kernel, under the name of a module or of inline sites.</summary>
internal sealed record NamedBtf(string Name, ReadOnlyMemory<byte> Btf)
{
    /// <summary>Hashes of the names in it, for <see cref="ModuleNames"/>.</summary>
    public uint[] NameHashes { get; init; } = [];
}

/// <summary>
/// Makes of a module's file what is kept of it: its split BTF, fitted to the kernel where it stands on an excerpt, and its inline
/// sites.
/// </summary>
internal static class ModuleParts
{
    /// <summary>What is kept of a file.</summary>
    /// <param name="file">The module; or the kernel itself, of which only the inline sites are kept here.</param>
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
    /// <exception cref="MalformedObjectException">It is not sound, or holds nothing.</exception>
    public static BtfTypes Read(ReadOnlyMemory<byte> split, BtfTypes on)
    {
        var types = BtfReader.Read(split, on);
        return types.Count > on.Count ? types : throw new MalformedObjectException(MalformedObjectException.InvalidBtf, ".BTF", 0, "the module's BTF holds no types of its own");
    }
}
