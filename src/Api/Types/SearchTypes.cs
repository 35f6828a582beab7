using System.ComponentModel;
using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Archive.Kernels;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>
/// The types, fields, enumerators, functions and variables of a kernel whose name contains a text.
/// <code>curl -fsS 'http://localhost:8080/v1/types?kernel=5.11.0-syscall-work&amp;q=task'</code>
/// </summary>
internal sealed record SearchTypes(string Part, SearchPlace From, int Limit, KernelQuery Kernel, string? Module) : IRequest<TypeHitPage>;

/// <summary>Searches.</summary>
internal sealed class SearchTypesHandler(KernelTypeReader reader) : IRequestHandler<SearchTypes, TypeHitPage>
{
    /// <inheritdoc/>
    public async Task<TypeHitPage> Handle(SearchTypes request, CancellationToken cancellationToken)
    {
        var (kernel, found) = await reader.ReadAsync(
            request.Kernel,
            (kernel, opened, stop) => TypeSearch.Run(
                KernelTypeReader.Of(kernel, opened, request.Module), request.Part, request.From, request.Limit, stop).ToTuple(),
            cancellationToken);
        return new(
            kernel, [.. found.Item1.Select(hit => new FoundName(hit.Kind, hit.Name, hit.In, hit.Declaration))], PlaceText.Of(found.Item2));
    }
}

/// <summary>The parameters.</summary>
internal sealed record SearchTypesParameters : KernelParameters
{
    /// <summary>A part of the name; upper and lower case differ, as in C.</summary>
    [FromQuery(Name = "q")]
    public string? Q { get; init; }

    /// <summary>Instead of the kernel itself, this module of it.</summary>
    [FromQuery(Name = "module")]
    public string? Module { get; init; }

    /// <summary>The largest number of hits, 1 to 1000.</summary>
    [FromQuery(Name = "limit"), DefaultValue(PageSize.Default)]
    public int? Limit { get; init; }

    /// <summary><c>next</c> of the previous page.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }

    /// <summary>The request for the handler.</summary>
    /// <exception cref="RefusedException">A value is missing or outside its range.</exception>
    public IRequest<TypeHitPage> ToRequest()
    {
        if (string.IsNullOrEmpty(Q)) throw new RefusedException(Problem.InvalidParameter("q", "", "a part of a name"));
        if (!string.IsNullOrWhiteSpace(Kernel))
            return new SearchTypes(Q, PlaceText.Parse(After, new(1, 0)), PageSize.Of(Limit), ToQuery(), Module);
        if (!string.IsNullOrEmpty(Module))
            throw new RefusedException(Problem.InvalidParameter("module", Module, "no module without kernel"));
        return new SearchArchive(Q, Skipped(), PageSize.Of(Limit), new(Distro, Version, Arch));
    }

    private int Skipped() => string.IsNullOrEmpty(After) ? 0
        : int.TryParse(After, NumberStyles.None, CultureInfo.InvariantCulture, out var skipped) ? skipped
        : throw new RefusedException(Problem.InvalidParameter("after", After, "next of the previous page"));
}

/// <summary>GET /v1/types.</summary>
internal static class SearchTypesRoute
{
    /// <summary>Searches the names of a kernel, or of the archive.</summary>
    /// <remarks>
    /// With <c>kernel</c>: types, fields, enumerators, functions and variables, in the order of the BTF, page by page. Without: types,
    /// functions and variables of all kernels, each with the number of kernels that have it; names that are the text come first, then
    /// those that begin with it. <c>distro</c>, <c>version</c> and <c>arch</c> narrow these kernels.
    /// </remarks>
    public static async Task<IResult> Handle([AsParameters] SearchTypesParameters parameters, HttpContext http, IMediator mediator)
    {
        var page = await mediator.Send(parameters.ToRequest(), http.RequestAborted);
        if (page.Next is not null) http.Response.Headers.Link = NextLink.To(http.Request, page.Next);
        return Answer.Ok(page);
    }
}
