using System.ComponentModel;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Archive.Index;
using Relo.Archive.Kernels;

namespace Relo.Api.Kernels;

/// <summary>
/// The kernels of the archive, page by page.
/// <code>curl 'http://localhost:8080/v1/kernels?distro=ubuntu&amp;release=5.4.*&amp;limit=10'</code>
/// </summary>
internal sealed record ListKernels(KernelFilter Filter, int Limit, string? After) : IRequest<KernelPage>;

/// <summary>Reads the page from the snapshot in memory.</summary>
internal sealed class ListKernelsHandler(KernelIndex index, ArchiveWatcher watcher) : IRequestHandler<ListKernels, KernelPage>
{
    /// <inheritdoc/>
    public async Task<KernelPage> Handle(ListKernels request, CancellationToken cancellationToken)
    {
        await watcher.CatchUpAsync(cancellationToken);
        return index.List(request.Filter, request.Limit, request.After);
    }
}

/// <summary>The parameters.</summary>
internal sealed record ListKernelsParameters
{
    /// <summary>Distribution: <c>ID</c> of os-release, or a known alias.</summary>
    [FromQuery(Name = "distro")]
    public string? Distro { get; init; }

    /// <summary>Version of the distribution: <c>VERSION_ID</c> of os-release.</summary>
    [FromQuery(Name = "version")]
    public string? Version { get; init; }

    /// <summary>Architecture, in any spelling.</summary>
    [FromQuery(Name = "arch")]
    public string? Arch { get; init; }

    /// <summary>Pattern of the release: <c>*</c> is any text, <c>?</c> any one character.</summary>
    [FromQuery(Name = "release")]
    public string? Release { get; init; }

    /// <summary>Words that must all occur in the id.</summary>
    [FromQuery(Name = "q")]
    public string? Q { get; init; }

    /// <summary>The largest number of kernels, 1 to 1000.</summary>
    [FromQuery(Name = "limit"), DefaultValue(PageSize.Default)]
    public int? Limit { get; init; }

    /// <summary><c>next</c> of the previous page.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }

    /// <summary>The request for the handler.</summary>
    /// <exception cref="RefusedException">A value is outside its range.</exception>
    public ListKernels ToRequest()
    {
        if (!string.IsNullOrEmpty(After) && !KernelCursor.TryParse(After, out _))
            throw new RefusedException(Problem.InvalidParameter("after", After, "next of the previous page"));
        var filter = new KernelFilter(Blank(Distro), Blank(Version), Blank(Arch), Blank(Release), Blank(Q));
        return new ListKernels(filter, PageSize.Of(Limit), Blank(After));
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>GET /v1/kernels.</summary>
internal static class ListKernelsRoute
{
    /// <summary>Lists the kernels of the archive.</summary>
    /// <remarks>Page by page: <c>next</c> and <c>Link: rel="next"</c> lead to the next page.</remarks>
    public static async Task<IResult> Handle([AsParameters] ListKernelsParameters parameters, HttpContext http, IMediator mediator)
    {
        var page = await mediator.Send(parameters.ToRequest(), http.RequestAborted);
        if (page.Next is not null) http.Response.Headers.Link = NextLink.To(http.Request, page.Next);
        return Answer.Ok(page);
    }
}
