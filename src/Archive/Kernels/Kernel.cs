using System.Text.Json.Serialization;
using Relo.Core.Bytes;
using Relo.Core.Reachability;

namespace Relo.Archive.Kernels;

/// <summary>A kernel of the archive.</summary>
/// <param name="Id"><c>distro/version/arch/release</c>, the primary name of the kernel.</param>
/// <param name="Distro">os-release <c>ID</c>, lower case.</param>
/// <param name="Version">os-release <c>VERSION_ID</c>.</param>
/// <param name="Arch"><c>x86_64</c>, <c>arm64</c>, or as <c>uname -m</c> says.</param>
/// <param name="Release"><c>uname -r</c>.</param>
/// <param name="Btf">Digest of its raw BTF.</param>
/// <param name="BtfSizeBytes">Size of its raw BTF.</param>
/// <param name="Source">Where it came from: <c>host</c>, <c>import</c>, <c>upload</c>, <c>upstream</c>.</param>
/// <param name="AddedAt">When it was added, UTC.</param>
/// <param name="Modules">Modules whose split BTF is known.</param>
public sealed record Kernel(
    string Id, string Distro, string Version, string Arch, string Release,
    Digest Btf, long BtfSizeBytes, string Source, DateTimeOffset AddedAt, IReadOnlyList<string> Modules)
{
    /// <summary>The same modules, by name, with where their BTF is. No part of the kernel as it is sent.</summary>
    [JsonIgnore]
    public KernelModules ModuleBtf { get; init; } = [];

    /// <summary>
    /// Of whom it is known where functions were inlined: <c>vmlinux</c> for the kernel itself, else the name of the module. Absent where of none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? InlineSites { get; init; }

    /// <summary>The BTF that says so. Never searched for types.</summary>
    [JsonIgnore]
    public KernelModules InlineBtf { get; init; } = [];

    /// <summary>Its GNU build-id, in lower-case hexadecimal digits; null where it is not known.</summary>
    [JsonIgnore]
    public string? BuildId { get; init; }

    /// <summary>What it says in <c>/proc/version</c>; null or empty where that is not known.</summary>
    [JsonIgnore]
    public string? Banner { get; init; }

    /// <summary>The value of <c>LINUX_KERNEL_VERSION</c> on it, as far as its banner and its name say; null where they say nothing.</summary>
    [JsonIgnore]
    public KernelVersion? LinuxVersion => Naming.LinuxVersion.FromRelease(Distro, Release, Banner);

    /// <summary>
    /// Whose BTF was found damaged or missing and is not back yet: <c>vmlinux</c> for the kernel's own, else the name of the module. Absent where nothing is.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Damaged { get; init; }
}
