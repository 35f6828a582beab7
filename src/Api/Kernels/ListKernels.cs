using System.ComponentModel;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Relo.Api.Http;
using Relo.Archive;

namespace Relo.Api.Kernels;

/// <summary>
/// The kernels of the archive, page by page.
/// <code>curl 'http://localhost:8080/v1/kernels?distro=ubuntu&amp;release=5.4.*&amp;limit=10'</code>
/// </summary>
internal sealed record ListKernels(KernelFilter Filter, int Limit, string? After) : IRequest<KernelPage>;

/// <summary>Reads the page from the snapshot in memory.</summary>
internal sealed class ListKernelsHandler(KernelIndex index) : IRequestHandler<ListKernels, KernelPage>
{
    /// <inheritdoc/>
    public Task<KernelPage> Handle(ListKernels request, CancellationToken cancellationToken)
        => Task.FromResult(index.List(request.Filter, request.Limit, request.After));
}

/// <summary>Its parameters.</summary>
internal sealed record ListKernelsParameters
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    /// <summary>Distribution.</summary>
    [FromQuery(Name = "distro"), Description("Distribution: `ID` of os-release")]
    public string? Distro { get; init; }

    /// <summary>Version of the distribution.</summary>
    [FromQuery(Name = "version"), Description("Version of the distribution: `VERSION_ID` of os-release")]
    public string? Version { get; init; }

    /// <summary>Architecture.</summary>
    [FromQuery(Name = "arch"), Description("Architecture, in any spelling")]
    public string? Arch { get; init; }

    /// <summary>Pattern of the release.</summary>
    [FromQuery(Name = "release"), Description("Pattern of the release: `*` is any text, `?` one character")]
    public string? Release { get; init; }

    /// <summary>Words of the id.</summary>
    [FromQuery(Name = "q"), Description("Words that must all occur in the id")]
    public string? Q { get; init; }

    /// <summary>Size of the page.</summary>
    [FromQuery(Name = "limit"), Description("How many at most, 1 to 1000"), DefaultValue(DefaultLimit)]
    public int? Limit { get; init; }

    /// <summary>Where the page begins.</summary>
    [FromQuery(Name = "after"), Description("`next` of the page before")]
    public string? After { get; init; }

    /// <summary>The request they make.</summary>
    /// <exception cref="RefusedException">A value is outside its range.</exception>
    public ListKernels ToRequest()
    {
        var limit = Limit ?? DefaultLimit;
        if (limit is < 1 or > MaxLimit) throw new RefusedException(Problems.InvalidParameter("limit", $"{limit}", $"1 to {MaxLimit}"));
        if (!string.IsNullOrEmpty(After) && !KernelCursor.TryParse(After, out _))
            throw new RefusedException(Problems.InvalidParameter("after", After, "the next of a page before"));
        return new ListKernels(new KernelFilter(Blank(Distro), Blank(Version), Blank(Arch), Blank(Release), Blank(Q)), limit, Blank(After));
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>GET /v1/kernels.</summary>
internal static class ListKernelsRoute
{
    /// <summary>Answers with the page, and with a link to the next one.</summary>
    public static async Task<IResult> Handle([AsParameters] ListKernelsParameters parameters, HttpContext http, IMediator mediator)
    {
        var page = await mediator.Send(parameters.ToRequest(), http.RequestAborted);
        if (page.Next is not null) http.Response.Headers.Link = $"<{NextPage(http.Request, page.Next)}>; rel=\"next\"";
        return Results.Ok(page);
    }

    private static string NextPage(HttpRequest request, string next)
    {
        var query = request.Query.Where(p => p.Key != "after").Append(new("after", next));
        return QueryHelpers.AddQueryString(request.PathBase + request.Path, query);
    }
}
