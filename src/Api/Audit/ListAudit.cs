using System.ComponentModel;
using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Archive.Audit;

namespace Relo.Api.Audit;

/// <summary>
/// Who added, tagged and deleted what, the oldest first, page by page.
/// <code>curl -H 'X-Api-Key: …' 'http://localhost:8080/v1/audit?limit=10'</code>
/// </summary>
internal sealed record ListAudit(int Limit, long After) : IRequest<AuditPage>;

/// <summary>Reads the page.</summary>
internal sealed class ListAuditHandler(AuditLog audit) : IRequestHandler<ListAudit, AuditPage>
{
    /// <inheritdoc/>
    public Task<AuditPage> Handle(ListAudit request, CancellationToken cancellationToken) =>
        audit.ListAsync(request.Limit, request.After, cancellationToken);
}

/// <summary>GET /v1/audit.</summary>
internal static class ListAuditRoute
{
    /// <summary>Lists the entries of the audit trail.</summary>
    /// <remarks>
    /// An entry is written in the transaction of the change, is never changed, and carries the hash of the one before. To follow the trail,
    /// keep the number of the last entry and ask with <c>after</c>.
    /// </remarks>
    /// <param name="limit">The largest number of entries, 1 to 1000.</param>
    /// <param name="after">Only entries after this number: <c>next</c> of the previous page.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    public static async Task<IResult> Handle(
        [FromQuery, DefaultValue(PageSize.Default)] int? limit, [FromQuery] string? after, HttpContext http, IMediator mediator)
    {
        var page = await mediator.Send(new ListAudit(PageSize.Of(limit), Number(after)), http.RequestAborted);
        if (page.Next is not null) http.Response.Headers.Link = NextLink.To(http.Request, page.Next);
        return Answer.Ok(page);
    }

    private static long Number(string? after)
    {
        if (string.IsNullOrEmpty(after)) return 0;
        return long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RefusedException(Problem.InvalidParameter("after", after, "the number of an entry"));
    }
}
