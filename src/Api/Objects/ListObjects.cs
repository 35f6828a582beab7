using System.ComponentModel;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Archive.Objects;
using Relo.Core.Contents;

namespace Relo.Api.Objects;

/// <summary>
/// The stored objects, the newest first, page by page.
/// <code>curl 'http://localhost:8080/v1/objects?limit=10'</code>
/// </summary>
internal sealed record ListObjects(int Limit, string? After) : IRequest<ObjectList>;

/// <summary>Reads the page.</summary>
internal sealed class ListObjectsHandler(ObjectStore objects) : IRequestHandler<ListObjects, ObjectList>
{
    /// <inheritdoc/>
    public async Task<ObjectList> Handle(ListObjects request, CancellationToken cancellationToken)
    {
        var page = await objects.ListAsync(request.Limit, request.After, cancellationToken);
        return new([.. page.Items.Select(stored => ObjectItem.Of(stored))], page.Next);
    }
}

/// <summary>A page of objects.</summary>
/// <param name="Items">The objects.</param>
/// <param name="Next"><c>after</c> of the next page; null at the end.</param>
internal sealed record ObjectList(IReadOnlyList<ObjectItem> Items, string? Next);

/// <summary>GET /v1/objects.</summary>
internal static class ListObjectsRoute
{
    /// <summary>Lists the stored objects.</summary>
    /// <remarks>
    /// With <c>reads</c>, those whose CO-RE records are about a type, a field or an enumerator, each with the places. Up to 1,000 objects
    /// are read for a page, so a page that has <c>next</c> can still have fewer items than <c>limit</c>, or none.
    /// </remarks>
    /// <param name="reads">
    /// Only objects that read this: <c>task_struct.state</c>, <c>task_struct.se.on_rq</c>, <c>task_struct</c>,
    /// <c>bpf_func_id::BPF_FUNC_loop</c>.
    /// </param>
    /// <param name="limit">The largest number of objects, 1 to 1000.</param>
    /// <param name="after"><c>next</c> of the previous page.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    public static async Task<IResult> Handle([FromQuery] string? reads, [FromQuery, DefaultValue(PageSize.Default)] int? limit,
        [FromQuery] string? after, HttpContext http, IMediator mediator)
    {
        if (!string.IsNullOrEmpty(after) && !ObjectCursor.TryParse(after, out _, out _))
            throw new RefusedException(Problem.InvalidParameter("after", after, "next of the previous page"));

        var (from, stop) = (string.IsNullOrEmpty(after) ? null : after, http.RequestAborted);
        var list = reads is null
            ? await mediator.Send(new ListObjects(PageSize.Of(limit), from), stop)
            : await mediator.Send(new FindReaders(Asked(reads), PageSize.Of(limit), from, MemoryShare.OfRequest(http)), stop);
        if (list.Next is not null) http.Response.Headers.Link = NextLink.To(http.Request, list.Next);
        return Answer.Ok(list);
    }

    private static FieldReads Asked(string reads) => FieldReads.TryParse(reads)
        ?? throw new RefusedException(Problem.InvalidParameter("reads", reads, "a type or a field, such as task_struct.state"));
}
