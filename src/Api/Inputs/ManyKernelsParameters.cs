using Microsoft.AspNetCore.Mvc;
using Relo.Archive.Kernels;

namespace Relo.Api.Inputs;

/// <summary>Parameters of requests about one object and many kernels, in the query or as form fields.</summary>
internal record ManyKernelsParameters
{
    /// <summary>Instead of a body: the digest (64 hexadecimal digits) or a tag of a stored object.</summary>
    [FromQuery(Name = "object")]
    public string? Object { get; init; }

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

    /// <summary>Name of the object in the response; by default the file name of the form, or the tag.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary>The kernels; by default all of them.</summary>
    public KernelFilter ToFilter() => new(Distro, Version, Arch, Release);

    /// <summary>The filter as the client wrote it, for messages; empty for all kernels.</summary>
    public string FilterText() => string.Join('&', new[] { ("distro", Distro), ("version", Version), ("arch", Arch), ("release", Release) }
        .Where(p => !string.IsNullOrWhiteSpace(p.Item2)).Select(p => $"{p.Item1}={p.Item2}"));
}
