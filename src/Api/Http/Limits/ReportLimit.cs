using Microsoft.Extensions.Options;
using Relo.Api.Http.Bodies;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Limits;

/// <summary>Refuses reports that are too large, before anything is sent.</summary>
internal sealed class ReportLimit(IOptions<LimitOptions> options, MemoryBudget memory)
{
    private readonly long _most = options.Value.ReportBytes;

    /// <summary>Refuses a report if its lower bound in bytes exceeds the limit.</summary>
    /// <exception cref="RefusedException"><c>report-too-large</c>.</exception>
    public void Refuse(long leastBytes, string? instead = null)
    {
        if (leastBytes > _most) throw TooLarge($"the report has more than {leastBytes} bytes", instead);
    }

    /// <summary>Measures a report as JSON, and takes memory for it until the response is complete.</summary>
    /// <param name="http">The request.</param>
    /// <param name="document">The report.</param>
    /// <param name="heldBytes">The memory it holds while it is sent.</param>
    /// <param name="instead">What to request instead; null for parts of the report.</param>
    /// <exception cref="RefusedException"><c>report-too-large</c>, or <c>too-many-requests</c> if other reports hold the
    /// memory.</exception>
    public Task<StreamedBody> MeasureAsync<T>(HttpContext http, T document, long heldBytes, string? instead = null) =>
        MeasureAsync(http, stop => StreamedBody.MeasureJsonAsync(http.Request, document, _most, stop), heldBytes, instead);

    /// <summary>The same for a report for people.</summary>
    public Task<StreamedBody> MeasureAsync(HttpContext http, IEnumerable<string> lines, long heldBytes) =>
        MeasureAsync(http, stop => StreamedBody.MeasureLinesAsync(lines, _most, stop), heldBytes, instead: null);

    /// <summary>The problem, of which a report is a member, with the limits of a report.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="heldBytes">The memory that the report holds while it is sent.</param>
    /// <param name="instead">What to request instead; null for parts of the report.</param>
    public static Problem Of(Problem problem, long heldBytes, string? instead = null) => problem.MeasuredBy((http, members) =>
        http.RequestServices.GetRequiredService<ReportLimit>().MeasureAsync(http, members, heldBytes, instead));

    /// <summary>Takes memory until the response is complete, for a body that holds a small report and more.</summary>
    /// <exception cref="RefusedException">Other responses hold the memory: <c>too-many-requests</c>.</exception>
    public void Hold(HttpContext http, long heldBytes) => http.Response.RegisterForDispose(memory.Share(MemoryUse.Answer).Take(heldBytes));

    private async Task<StreamedBody> MeasureAsync(
        HttpContext http, Func<CancellationToken, Task<StreamedBody>> measure, long heldBytes, string? instead)
    {
        // Before measuring, which takes as long as sending the report to a fast client.
        var share = memory.Share(MemoryUse.Answer).Take(heldBytes);
        http.Response.RegisterForDispose(share);
        try
        {
            var body = await measure(http.RequestAborted);
            // The server copies a body of one piece when it is written.
            if (body.LengthBytes <= PiecedBody.PieceBytes) share.Dispose();
            return body;
        }
        catch (BodyTooLongException)
        {
            throw TooLarge($"the report has more than {_most} bytes", instead);
        }
    }

    private RefusedException TooLarge(string what, string? instead)
        => new(Problem.ReportTooLarge(what, _most, nameof(LimitOptions.ReportBytes), instead));
}
