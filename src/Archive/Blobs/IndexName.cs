using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>Which BTF an index is of.</summary>
/// <param name="Btf">Its digest.</param>
/// <param name="Base">For a module's, the digest of the BTF that it stands on: its ids count on from there.</param>
internal readonly record struct IndexName(Digest Btf, Digest? Base)
{
    private const char Separator = '-';

    /// <summary>The table of the names in a kernel's modules (<see cref="Core.Btf.ModuleNames"/>): beside the kernel's index, another one for other modules.</summary>
    public static IndexName OfModules(Kernel kernel) => new(kernel.Btf, kernel.ModuleBtf.Digest);

    /// <summary>The name of its file.</summary>
    public override string ToString() => Base is { } kernel ? $"{Btf.Hex}{Separator}{kernel.Hex}" : Btf.Hex;

    /// <returns>Null for what is no such name.</returns>
    public static IndexName? TryParse(string text)
    {
        var parts = text.Split(Separator);
        if (parts.Length > 2 || !Digest.TryParse(parts[0], out var btf)) return null;
        if (parts.Length == 1) return new(btf, null);
        return Digest.TryParse(parts[1], out var kernel) ? new(btf, kernel) : null;
    }
}
