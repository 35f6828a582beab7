using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http;
using Relo.Archive;

namespace Relo.Api.Kernels;

/// <summary>How a client names a kernel, on every route that takes one.</summary>
internal record KernelParameters
{
    /// <summary>The kernel, in any of its forms.</summary>
    [FromQuery(Name = "kernel")]
    [Description("`5.4.0-91-generic`, `ubuntu/20.04/x86_64/5.4.0-91-generic`, `sha256:<BTF digest>`, or the text of `uname -a` or `/proc/version`")]
    public string? Kernel { get; init; }

    /// <summary>Narrows to an architecture.</summary>
    [FromQuery(Name = "arch")]
    [Description("Narrows to an architecture: `x86_64`, `arm64`, or as `uname -m` says")]
    public string? Arch { get; init; }

    /// <summary>Narrows to a distribution.</summary>
    [FromQuery(Name = "distro")]
    [Description("Narrows to a distribution: `ID` of os-release")]
    public string? Distro { get; init; }

    /// <summary>Narrows to a version of the distribution.</summary>
    [FromQuery(Name = "version")]
    [Description("Narrows to a version of the distribution: `VERSION_ID` of os-release")]
    public string? Version { get; init; }

    /// <summary>The question for the archive.</summary>
    /// <exception cref="RefusedException">No kernel is named.</exception>
    public KernelQuery ToQuery() => string.IsNullOrWhiteSpace(Kernel)
        ? throw new RefusedException(Problems.KernelMissing())
        : new KernelQuery(Kernel, Blank(Arch), Blank(Distro), Blank(Version));

    // "?arch=" says nothing about the architecture.
    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
