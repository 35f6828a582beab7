using System.Runtime.CompilerServices;
using System.Text;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Layouts;

/// <summary>Stands for all BTF that the layouts of a kernel are read from.</summary>
internal static class ReadBtf
{
    private static readonly ConditionalWeakTable<Kernel, string> WithModules = [];

    /// <summary>64 hexadecimal digits: of its BTF, or of the list of it and of its modules'.</summary>
    public static string Of(Kernel kernel) => kernel.ModuleBtf.Count == 0 ? kernel.Btf.Hex : WithModules.GetValue(kernel, OfModules);

    private static string OfModules(Kernel kernel)
    {
        var list = new StringBuilder(kernel.Btf.Hex);
        foreach (var module in kernel.ModuleBtf) list.Append('\n').Append(module.Name).Append(' ').Append(module.Btf.Hex);
        return Digest.Of(Encoding.UTF8.GetBytes(list.ToString())).Hex;
    }
}
