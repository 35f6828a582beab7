using Relo.Archive.Kernels;

namespace Relo.Api.Commands;

/// <summary>
/// The kernels that a pattern names: <c>5.4.*</c>, or <c>ubuntu/*/x86_64/5.4.*</c> with a name or <c>*</c> in the first three parts.
/// </summary>
internal static class KernelGlob
{
    /// <summary>What is wrong with a pattern; null if nothing is.</summary>
    public static string? Fault(string pattern) => pattern.Split('/') switch
    {
        [_] => null,
        [.. var names, _] when names.Length == 3 => Array.TrueForAll(names, IsNameOrAny) ? null
            : $"{OfflineFlags.KernelPattern} is '{pattern}': distro, version and arch are a name or *, "
                + "only the release may be a longer pattern",
        _ => $"{OfflineFlags.KernelPattern} is '{pattern}', expected a release or distro/version/arch/release, with *",
    };

    /// <summary>Reads a pattern.</summary>
    public static KernelFilter Parse(string pattern) => pattern.Split('/') is [var distro, var version, var arch, var release]
        ? new(Part(distro), Part(version), Part(arch), release)
        : new(Release: pattern);

    private static bool IsNameOrAny(string part) => part == "*" || (part.Length > 0 && !part.AsSpan().ContainsAny('*', '?'));

    private static string? Part(string part) => part == "*" ? null : part;
}
