namespace Relo.Archive.Opened;

/// <summary>
/// BTF that says where functions were inlined (<c>.BTF.inline</c>, <c>/sys/kernel/btf/vmlinux.inline</c>): split BTF on that of the
/// kernel or of one of its modules. It is kept
/// beside the modules under the name that sysfs gives it. That name is its role: no module has a dot in its own. It is never searched
/// for candidates.
/// </summary>
internal static class InlineSites
{
    /// <summary>Name of the kernel's own BTF.</summary>
    public const string Kernel = "vmlinux";

    private const string Suffix = ".inline";

    /// <summary>Whether no module may have this name.</summary>
    public static bool IsReserved(string name) => name == Kernel || BaseOf(name) is not null;

    /// <summary>The name of what stands on the BTF of a module, or of the kernel.</summary>
    public static string NameOf(string module) => module + Suffix;

    /// <summary>Whose inline sites these are; null for what is a module.</summary>
    public static string? BaseOf(string name) => name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : null;
}
