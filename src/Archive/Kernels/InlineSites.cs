using Relo.Core.Relocation;

namespace Relo.Archive.Kernels;

/// <summary>
/// BTF that describes where functions were inlined (<c>.BTF.inline</c>, <c>/sys/kernel/btf/vmlinux.inline</c>): split BTF on that of the
/// kernel or of one of its modules. It is kept with the modules under its sysfs name, which identifies it: no module name contains a dot.
/// It is never searched for candidates.
/// </summary>
internal static class InlineSites
{
    /// <summary>Name of the kernel's own BTF.</summary>
    public const string Kernel = KernelTypes.Vmlinux;

    private const string Suffix = ".inline";

    /// <summary>Whether no module may have this name.</summary>
    public static bool IsReserved(string name) => name == Kernel || BaseOf(name) is not null;

    /// <summary>The name of the inline sites on the BTF of a module, or of the kernel.</summary>
    public static string NameOf(string module) => module + Suffix;

    /// <summary>The kernel or module whose inline sites these are; null for a module.</summary>
    public static string? BaseOf(string name) => name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : null;
}
