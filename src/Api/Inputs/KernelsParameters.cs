using Microsoft.AspNetCore.Mvc;
using Relo.Archive.Kernels;

namespace Relo.Api.Inputs;

/// <summary>The kernels of a request about many.</summary>
internal record KernelsParameters
{
    /// <summary>Only kernels of this distribution: <c>ID</c> of os-release, or a known alias.</summary>
    [FromQuery(Name = "distro")]
    public string? Distro { get; init; }

    /// <summary>Only kernels of this version of the distribution: <c>VERSION_ID</c> of os-release.</summary>
    [FromQuery(Name = "version")]
    public string? Version { get; init; }

    /// <summary>Only kernels of this architecture, in any spelling.</summary>
    [FromQuery(Name = "arch")]
    public string? Arch { get; init; }

    /// <summary>Only kernels whose release matches this pattern: <c>*</c> is any text, <c>?</c> any one character.</summary>
    [FromQuery(Name = "release")]
    public string? Release { get; init; }

    /// <summary>The kernels; by default all of them.</summary>
    public KernelFilter ToFilter() => new(Distro, Version, Arch, Release);

    /// <summary>The filter as the client wrote it, for messages; empty for all kernels.</summary>
    public string FilterText() => string.Join('&', new[] { ("distro", Distro), ("version", Version), ("arch", Arch), ("release", Release) }
        .Where(p => !string.IsNullOrWhiteSpace(p.Item2)).Select(p => $"{p.Item1}={p.Item2}"));
}
