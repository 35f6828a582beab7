using System.Diagnostics.CodeAnalysis;
using Relo.Archive.KernelFiles;
using Relo.Archive.Naming;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Kernels.Store;

/// <summary>Names a kernel from the caller's description and the file's own data.</summary>
internal static class KernelDescribing
{
    /// <summary>The four parts of an id, normalised and checked.</summary>
    public readonly record struct Parts(string Distro, string Version, string Arch, string Release);

    /// <summary>
    /// The caller wins. The release and architecture are required from either; the distribution and version have defaults. The file's
    /// version is ignored if the caller gives another distribution.
    /// </summary>
    public static bool TryDescribe(KernelDescription given, KernelFile file, out Parts parts, [NotNullWhen(false)] out string? fault)
    {
        parts = default;
        fault = null;
        if ((Given(given.Release) ?? file.Release) is not { } release) fault ??= Missing("release", "the output of uname -r", file);
        else if ((Given(given.Arch) ?? file.Arch ?? MachineOf(file.Btf)) is not { } arch)
            fault ??= Missing("arch", "the output of uname -m", file);
        else
        {
            var distro = Given(given.Distro) is { } named ? KernelName.Distro(named) : file.Distro ?? KernelName.CustomDistro;
            parts = new(
                distro,
                Given(given.Version) is { } version
                    ? KernelName.Version(version)
                    : (distro == file.Distro ? file.Version : null) ?? KernelName.LocalVersion,
                KernelName.Arch(arch),
                KernelName.Release(release));
            fault ??= KernelName.Fault("distro", parts.Distro) ?? KernelName.Fault("version", parts.Version)
                ?? KernelName.Fault("arch", parts.Arch) ?? KernelName.Fault("release", parts.Release);
        }

        return fault is null;
    }

    // BTFHub's files for Debian and Ubuntu contain only the release.
    private static string? MachineOf(ReadOnlyMemory<byte> btf)
    {
        try
        {
            return BtfMachine.Of(BtfReader.Read(btf));
        }
        catch (MalformedObjectException)
        {
            return null; // the check of the BTF reports it
        }
    }

    private static string Missing(string parameter, string what, KernelFile file) =>
        $"'{parameter}' is missing: {file.Container} does not contain it; expected {what}";

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
