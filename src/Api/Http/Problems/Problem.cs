using System.Diagnostics;
using Relo.Api.Http.Bodies;
using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Problems;

/// <summary>
/// One problem, written as <c>application/problem+json</c> (RFC 9457) whatever <c>Accept</c> says: a client that requests an object
/// must be able to read why it gets none. (The framework's own writer would send an empty body.)
/// </summary>
internal sealed partial class Problem(ProblemKind kind, string detail) : IResult
{
    /// <summary>Media type of every error.</summary>
    public const string MediaType = "application/problem+json";

    private readonly List<(string Name, object? Value)> _extras = [];
    private readonly List<(string Name, string Value)> _headers = [];

    // Extra members may be large: they are streamed and never whole in memory.
    private Func<HttpContext, Dictionary<string, object?>, Task<StreamedBody>> _measure = (http, members) =>
        StreamedBody.MeasureJsonAsync(http.Request, members, long.MaxValue, http.RequestAborted);

    /// <summary>The problem of an exception about an input or a stored file; null for others.</summary>
    public static Problem? OfInput(Exception exception) => exception switch
    {
        RefusedException refused => refused.Problem,
        MalformedObjectException malformed => Of(malformed),
        KernelGoneException gone => Of(gone),
        BlobLostException lost => Of(lost),
        _ => null,
    };

    /// <summary>The kind of problem.</summary>
    public ProblemKind Kind => kind;

    /// <summary>What was found, what was expected, where.</summary>
    public string Detail => detail;

    /// <summary>Adds a member that is specific to this kind of problem.</summary>
    public Problem With(string name, object? value)
    {
        _extras.Add((name, value));
        return this;
    }

    /// <summary>
    /// Adds a header that is specific to this kind of problem. It is kept here, because an exception clears headers set on the response.
    /// </summary>
    public Problem WithHeader(string name, string value)
    {
        _headers.Add((name, value));
        return this;
    }

    /// <summary>Measures the body, which has these members, with a limit; <paramref name="measure"/> may refuse it.</summary>
    public Problem MeasuredBy(Func<HttpContext, Dictionary<string, object?>, Task<StreamedBody>> measure)
    {
        _measure = measure;
        return this;
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            httpContext.RequestAborted.ThrowIfCancellationRequested();
            await SendAsync(httpContext);
        }
        catch (OperationCanceledException) when (
            httpContext.RequestAborted.IsCancellationRequested && !RequestTimer.HasExpired(httpContext))
        {
            // The client disconnected before or while the problem was sent. The status is for the log; rethrown, this would become a 500.
            if (!httpContext.Response.HasStarted) httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
    }

    private async Task SendAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var body = await _measure(httpContext, Members(TraceId(httpContext)));
        RequestTimer.Stop(httpContext);
        response.StatusCode = kind.Status;
        response.ContentType = MediaType;
        response.ContentLength = body.LengthBytes;
        response.Headers.CacheControl = "no-store";
        foreach (var (name, value) in _headers) response.Headers[name] = value;
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        await body.SendAsync(httpContext);
    }

    /// <summary>The members, for a problem inside a response that has already started with a success status.</summary>
    public Dictionary<string, object?> ToMembers(HttpContext http) => Members(TraceId(http));

    private Dictionary<string, object?> Members(string traceId)
    {
        var members = new Dictionary<string, object?>
        {
            ["type"] = kind.Type,
            ["title"] = kind.Title,
            ["status"] = kind.Status,
            ["detail"] = detail,
            ["code"] = kind.Code,
            ["traceId"] = traceId,
        };
        foreach (var (name, value) in _extras) members.Add(name, value);
        return members;
    }

    /// <summary>The id that is also in the request's log line.</summary>
    public static string TraceId(HttpContext http) => Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
}
