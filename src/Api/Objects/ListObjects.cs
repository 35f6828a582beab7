using System.ComponentModel;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Archive.Objects;

namespace Relo.Api.Objects;

/// <summary>
/// The stored objects, the newest first, page by page.
/// <code>curl 'http://localhost:8080/v1/objects?limit=10'</code>
/// </summary>
internal sealed record ListObjects(int Limit, string? After) : IRequest<ObjectPage>;

/// <summary>Reads the page.</summary>
internal sealed class ListObjectsHandler(ObjectStore objects) : IRequestHandler<ListObjects, ObjectPage>
{
    /// <inheritdoc/>
    public Task<ObjectPage> Handle(ListObjects request, CancellationToken cancellationToken) =>
        objects.ListAsync(request.Limit, request.After, cancellationToken);
}

/// <summary>A page of objects.</summary>
/// <param name="Items">The objects.</param>
/// <param name="Next"><c>after</c> of the next page; null at the end.</param>
internal sealed record ObjectList(IReadOnlyList<ObjectItem> Items, string? Next);

/// <summary>GET /v1/objects.</summary>
internal static class ListObjectsRoute
{

    /// <summary>Lists the stored objects.</summary>
    /// <param name="limit">The largest number of objects, 1 to 1000.</param>
    /// <param name="after"><c>next</c> of the previous page.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    public static async Task<IResult> Handle([FromQuery, DefaultValue(PageSize.Default)] int? limit, [FromQuery] string? after,
        HttpContext http, IMediator mediator)
    {
        if (!string.IsNullOrEmpty(after) && !ObjectCursor.TryParse(after, out _, out _))
            throw new RefusedException(Problem.InvalidParameter("after", after, "next of the previous page"));

        var page = await mediator.Send(new ListObjects(PageSize.Of(limit), string.IsNullOrEmpty(after) ? null : after),
            http.RequestAborted);
        if (page.Next is not null) http.Response.Headers.Link = NextLink.To(http.Request, page.Next);
        return Answer.Ok(new ObjectList([.. page.Items.Select(o => ObjectItem.Of(o))], page.Next));
    }
}
