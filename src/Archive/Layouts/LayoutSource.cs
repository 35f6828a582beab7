using Relo.Archive.Kernels;

namespace Relo.Archive.Layouts;

/// <summary>Identifies all BTF that the layouts of a kernel are read from.</summary>
internal static class LayoutSource
{
    /// <summary>The digest of its BTF, and of the list of its modules with theirs.</summary>
    public static string Of(Kernel kernel) =>
        kernel.ModuleBtf.Count == 0 ? kernel.Btf.Hex : $"{kernel.Btf.Hex} {kernel.ModuleBtf.Digest.Hex}";
}
