using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Problems;
using Relo.Archive.Kernels;

namespace Relo.Api.Inputs;

/// <summary>The kernel of a request, on every route that takes one.</summary>
internal record KernelParameters
{
    /// <summary>
    /// The kernel: <c>5.4.0-91-generic</c>, <c>ubuntu/20.04/x86_64/5.4.0-91-generic</c>, <c>sha256:</c> and the digest of its BTF, or text
    /// with a release in it, such as that of <c>uname -a</c> or <c>/proc/version</c>.
    /// </summary>
    [FromQuery(Name = "kernel")]
    public string? Kernel { get; init; }

    /// <summary>Narrows to an architecture: <c>x86_64</c>, <c>arm64</c>, or the output of <c>uname -m</c>.</summary>
    [FromQuery(Name = "arch")]
    public string? Arch { get; init; }

    /// <summary>Narrows to a distribution: <c>ID</c> of os-release.</summary>
    [FromQuery(Name = "distro")]
    public string? Distro { get; init; }

    /// <summary>Narrows to a version of the distribution: <c>VERSION_ID</c> of os-release.</summary>
    [FromQuery(Name = "version")]
    public string? Version { get; init; }

    /// <summary>The query for the archive.</summary>
    /// <exception cref="RefusedException">No kernel is named.</exception>
    public KernelQuery ToQuery() => string.IsNullOrWhiteSpace(Kernel)
        ? throw new RefusedException(Problem.KernelMissing())
        : new KernelQuery(Kernel, Blank(Arch), Blank(Distro), Blank(Version));

    // "?arch=" narrows nothing.
    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
