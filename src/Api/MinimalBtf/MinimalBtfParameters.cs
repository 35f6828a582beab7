using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Archive.Kernels;

namespace Relo.Api.MinimalBtf;

/// <summary>One kernel, or a filter for many, in the query or as form fields.</summary>
internal sealed record MinimalBtfParameters : KernelParameters
{
    /// <summary>
    /// Without <c>kernel</c>: pattern of the release, <c>*</c> is any text, <c>?</c> any one character; <c>*</c> alone for all kernels.
    /// </summary>
    [FromQuery(Name = "release")]
    public string? Release { get; init; }

    /// <summary>Name of the object, for the name of the download; without <c>kernel</c>, by default the file name of the form.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary>The filter, if the request names no single kernel.</summary>
    /// <returns>Null if <c>kernel</c> is given.</returns>
    /// <exception cref="RefusedException">The request has neither or both.</exception>
    public KernelFilter? ToFilter()
    {
        string?[] filters = [Distro, Version, Arch, Release];
        if (!string.IsNullOrWhiteSpace(Kernel))
        {
            return string.IsNullOrWhiteSpace(Release)
                ? null
                : throw new RefusedException(Problem.InvalidParameter(
                    "release", Release, "no such parameter with kernel: it is a pattern for many kernels"));
        }

        // An empty request is probably a forgotten kernel, not a request for all of them.
        return filters.All(string.IsNullOrWhiteSpace)
            ? throw new RefusedException(Problem.KernelOrFilterMissing())
            : new KernelFilter(Distro, Version, Arch, Release);
    }

    /// <summary>The filter as the client wrote it, for messages.</summary>
    public string FilterText() => string.Join('&', new[] { ("distro", Distro), ("version", Version), ("arch", Arch), ("release", Release) }
        .Where(p => !string.IsNullOrWhiteSpace(p.Item2)).Select(p => $"{p.Item1}={p.Item2}"));
}
