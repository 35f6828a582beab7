using System.ComponentModel;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Archive.Kernels;
using Relo.Archive.Sync;

namespace Relo.Api.Kernels;

/// <summary>
/// What the sources list, what of it is here, and why the rest is not.
/// <code>curl 'http://localhost:8080/v1/coverage?distro=debian&amp;arch=arm64'</code>
/// </summary>
/// <param name="Source">Name of a source; null: all.</param>
/// <param name="Filter">Which kernels.</param>
/// <param name="Limit">The largest number of lacking kernels on a page.</param>
/// <param name="After">Where the previous page ended; null: the first page.</param>
internal sealed record GetCoverage(string? Source, KernelFilter Filter, int Limit, LackingCursor? After) : IRequest<Coverage>;

/// <summary>Reads the lists and the index.</summary>
internal sealed class GetCoverageHandler(CoverageReader reader) : IRequestHandler<GetCoverage, Coverage>
{
    /// <inheritdoc/>
    public Task<Coverage> Handle(GetCoverage request, CancellationToken cancellationToken) =>
        reader.ReadAsync(request.Source, request.Filter, request.Limit, request.After, cancellationToken);
}

/// <summary>The parameters.</summary>
internal sealed record GetCoverageParameters
{
    /// <summary>Name of a source in the settings.</summary>
    [FromQuery(Name = "source")]
    public string? Source { get; init; }

    /// <summary>Distribution: <c>ID</c> of os-release, or a known alias.</summary>
    [FromQuery(Name = "distro")]
    public string? Distro { get; init; }

    /// <summary>Version of the distribution: <c>VERSION_ID</c> of os-release.</summary>
    [FromQuery(Name = "version")]
    public string? Version { get; init; }

    /// <summary>Architecture, in any spelling.</summary>
    [FromQuery(Name = "arch")]
    public string? Arch { get; init; }

    /// <summary>The largest number of lacking kernels, 1 to 1000.</summary>
    [FromQuery(Name = "limit"), DefaultValue(PageSize.Default)]
    public int? Limit { get; init; }

    /// <summary><c>next</c> of the previous page.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }

    /// <summary>The request for the handler.</summary>
    /// <exception cref="RefusedException">A value is outside its range.</exception>
    public GetCoverage ToRequest()
    {
        LackingCursor? after = null;
        if (!string.IsNullOrEmpty(After) && !LackingCursor.TryParse(After, out after))
            throw new RefusedException(Problem.InvalidParameter("after", After, "next of the previous page"));
        return new(Given(Source), new(Given(Distro), Given(Version), Given(Arch)), PageSize.Of(Limit), after);

        static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
    }
}

/// <summary>GET /v1/coverage.</summary>
internal static class GetCoverageRoute
{
    /// <summary>Compares the sources with the archive.</summary>
    /// <remarks>By distribution, version and architecture: the kernels that the sources listed at their last sync, those that are here, and
    /// those that are not, with the reason. The numbers of all rows are on every page; the lacking kernels are listed page by page:
    /// <c>next</c> and <c>Link: rel="next"</c> lead to the next page. Empty until a source was synced.</remarks>
    public static async Task<IResult> Handle([AsParameters] GetCoverageParameters parameters, HttpContext http, IMediator mediator)
    {
        var page = await mediator.Send(parameters.ToRequest(), http.RequestAborted);
        if (page.Next is not null) http.Response.Headers.Link = NextLink.To(http.Request, page.Next);
        return Answer.Ok(page);
    }
}
