using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>Identifies the BTF that an index describes, or the table of a kernel's module names (<see cref="OfModules"/>).</summary>
/// <param name="Btf">The digest of the BTF.</param>
/// <param name="Base">
/// For split BTF, the digest of its base BTF: its type ids continue after the base's. For a table, the digest of the list of modules.
/// </param>
internal readonly record struct IndexName(Digest Btf, Digest? Base)
{
    private const char Separator = '-';

    /// <summary>
    /// The table of names in a kernel's modules (<see cref="Core.Btf.ModuleNames"/>), beside the kernel's index.
    /// Each set of modules has its own.
    /// </summary>
    public static IndexName OfModules(Kernel kernel) => new(kernel.Btf, kernel.ModuleBtf.Digest);

    /// <summary>The name of its file.</summary>
    public override string ToString() => Base is { } kernel ? $"{Btf.Hex}{Separator}{kernel.Hex}" : Btf.Hex;

    /// <returns>Null if it is not such a name.</returns>
    public static IndexName? TryParse(string text)
    {
        var parts = text.Split(Separator);
        if (parts.Length > 2 || !Digest.TryParse(parts[0], out var btf)) return null;
        if (parts.Length == 1) return new(btf, null);
        return Digest.TryParse(parts[1], out var kernel) ? new(btf, kernel) : null;
    }
}
