using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Relo.Core.Bytes;
using Relo.Core.Reachability;

namespace Relo.Archive.Kernels;

/// <summary>A kernel of the archive.</summary>
/// <param name="Id"><c>distro/version/arch/release</c>, the primary name of the kernel.</param>
/// <param name="Distro">os-release <c>ID</c>, lower case.</param>
/// <param name="Version">os-release <c>VERSION_ID</c>.</param>
/// <param name="Arch"><c>x86_64</c>, <c>arm64</c>, or the output of <c>uname -m</c>.</param>
/// <param name="Release"><c>uname -r</c>.</param>
/// <param name="Btf">Digest of its raw BTF.</param>
/// <param name="BtfSizeBytes">Size of its raw BTF.</param>
/// <param name="Source">Its source: <c>host</c>, <c>import</c>, <c>upload</c>, <c>upstream</c>.</param>
/// <param name="AddedAt">The time it was added, UTC.</param>
/// <param name="Modules">Modules whose split BTF is known.</param>
public sealed record Kernel(
    string Id, string Distro, string Version, string Arch, string Release,
    Digest Btf, long BtfSizeBytes, string Source, DateTimeOffset AddedAt, IReadOnlyList<string> Modules)
{
    // Cached, because requests over thousands of kernels read it. Not a field, which would take part in the comparison of records.
    private static readonly ConditionalWeakTable<Kernel, StrongBox<KernelVersion?>> Versions = [];

    /// <summary>The modules with the digests of their BTF. Not serialized.</summary>
    [JsonIgnore]
    public KernelModules ModuleBtf { get; init; } = [];

    /// <summary>
    /// What has known inline sites: <c>vmlinux</c> for the kernel itself, and the names of modules. Absent if nothing has.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? InlineSites { get; init; }

    /// <summary>The BTF of the inline sites. Never searched for types.</summary>
    [JsonIgnore]
    public KernelModules InlineBtf { get; init; } = [];

    /// <summary>Its GNU build-id, in lower-case hexadecimal digits; null if unknown.</summary>
    [JsonIgnore]
    public string? BuildId { get; init; }

    /// <summary>Its <c>/proc/version</c>; null or empty if unknown.</summary>
    [JsonIgnore]
    public string? Banner { get; init; }

    /// <summary>The value of <c>LINUX_KERNEL_VERSION</c> on it, as far as its banner and release determine it; null if unknown.</summary>
    [JsonIgnore]
    public KernelVersion? LinuxVersion =>
        Versions.GetValue(this, kernel => new(Naming.LinuxVersion.FromRelease(kernel.Distro, kernel.Release, kernel.Banner))).Value;

    /// <summary>
    /// The damaged or missing BTF: <c>vmlinux</c> for the kernel's own, and the names of modules. Absent if there is none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Damaged { get; init; }
}
