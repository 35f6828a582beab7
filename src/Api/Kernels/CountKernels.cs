using System.Text.RegularExpressions;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Archive.Index;
using Relo.Archive.Kernels;

namespace Relo.Api.Kernels;

/// <summary>
/// The numbers of kernels by distribution, version, architecture and line of kernels.
/// <code>curl 'http://localhost:8080/v1/kernels/coverage?distro=ubuntu'</code>
/// </summary>
internal sealed record CountKernels(KernelFilter Filter) : IRequest<KernelCoverage>;

/// <summary>What the archive covers.</summary>
/// <param name="Kernels">The number of kernels that match.</param>
/// <param name="Items">A row for each distribution, version and architecture, in the order of the list of kernels.</param>
internal sealed record KernelCoverage(int Kernels, IReadOnlyList<CoverageItem> Items);

/// <summary>The kernels of a version of a distribution for an architecture.</summary>
internal sealed record CoverageItem(string Distro, string Version, string Arch, int Kernels, IReadOnlyList<CoveredLine> Lines);

/// <summary>The kernels of a line.</summary>
/// <param name="Line"><c>5.15</c> for <c>5.15.0-91-generic</c>; <c>other</c> where a release does not begin with two numbers.</param>
/// <param name="Kernels">Their number.</param>
internal sealed record CoveredLine(string Line, int Kernels);

/// <summary>Counts in the snapshot in memory.</summary>
internal sealed partial class CountKernelsHandler(KernelIndex index, ArchiveWatcher watcher) : IRequestHandler<CountKernels, KernelCoverage>
{
    /// <inheritdoc/>
    public async Task<KernelCoverage> Handle(CountKernels request, CancellationToken cancellationToken)
    {
        await watcher.CatchUpAsync(cancellationToken);
        var items = index.Matching(request.Filter).GroupBy(kernel => (kernel.Distro, kernel.Version, kernel.Arch))
            .Select(group => new CoverageItem(
                group.Key.Distro, group.Key.Version, group.Key.Arch, group.Count(),
                [.. group.CountBy(kernel => LineOf(kernel.Release)).Select(line => new CoveredLine(line.Key, line.Value))]))
            .ToList();
        return new(items.Sum(item => item.Kernels), items);
    }

    private static string LineOf(string release) => Line().Match(release) is { Success: true, Value: var line } ? line : "other";

    [GeneratedRegex(@"^[0-9]+\.[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Line();
}

/// <summary>GET /v1/kernels/coverage.</summary>
internal static class CountKernelsRoute
{
    /// <summary>Counts the kernels of the archive.</summary>
    /// <remarks>By distribution, version, architecture and line of kernels: the choices for filters, with their numbers.</remarks>
    /// <param name="distro">Distribution: <c>ID</c> of os-release, or a known alias.</param>
    /// <param name="version">Version of the distribution: <c>VERSION_ID</c> of os-release.</param>
    /// <param name="arch">Architecture, in any spelling.</param>
    /// <param name="release">Pattern of the release: <c>*</c> is any text, <c>?</c> any one character.</param>
    /// <param name="q">Words that must all occur in the id.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs it.</param>
    public static async Task<IResult> Handle(
        [FromQuery] string? distro, [FromQuery] string? version, [FromQuery] string? arch, [FromQuery] string? release,
        [FromQuery] string? q, HttpContext http, IMediator mediator)
    {
        var filter = new KernelFilter(Given(distro), Given(version), Given(arch), Given(release), Given(q));
        return Answer.Ok(await mediator.Send(new CountKernels(filter), http.RequestAborted));

        static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
    }
}
