using Microsoft.Extensions.Options;
using Relo.Api.Access;
using Relo.Api.Caching;
using Relo.Api.Ops;

namespace Relo.Api.Http;

/// <summary>On a route: what it sends depends on its address, on <c>Accept</c>, and on which kernels and objects are kept; on nothing else.</summary>
internal sealed record HotRoute;

/// <summary>
/// Answers again, before anything else of the service runs, what was sent within the last second: a fleet asks for the same few objects, mostly to be told that
/// nothing is new. After a second the route itself answers anew, which counts as a use of the object and sees what other processes changed; what this process
/// changes about kernels or objects is seen at once. Bytes are not kept here: an answer lives as long as the relocation in its own cache.
/// </summary>
internal sealed class HotAnswers(RequestDelegate next, HotAnswerMemory memory, AccessRule access, IOptions<ResultOptions> results, IOptions<LimitOptions> limits, RequestLine requestLine)
{
    // Who wants nothing kept gets everything made; and where requests are counted, each one is.
    private readonly bool _isOn = results.Value.ResultBytes > 0 && !limits.Value.CountsRequests;

    /// <summary>Answers, or lets the route answer and remembers that.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        var endpoint = http.GetEndpoint();
        if (!_isOn || endpoint?.Metadata.GetMetadata<HotRoute>() is null || IsPartial(request.Headers)) return next(http);
        if (access.NeededAt(endpoint) != Scope.None) return next(http); // whoever must show a key is asked for it each time

        var key = new HotKey(request.Path.Value ?? "", request.QueryString.Value ?? "", request.Headers.Accept.ToString());
        if (memory.Find(key) is { } answer && answer.TryBegin(http) is { } begun)
        {
            memory.CountGiven();
            requestLine.WriteHot(http);
            return begun;
        }

        http.Features.Set(memory.Slot(key));
        return next(http);
    }

    // Ranges, and conditions other than the usual one, are the framework's.
    private static bool IsPartial(IHeaderDictionary headers) => headers.Range.Count > 0 || headers.IfMatch.Count > 0
        || headers.IfModifiedSince.Count > 0 || headers.IfUnmodifiedSince.Count > 0 || headers.IfRange.Count > 0;
}
