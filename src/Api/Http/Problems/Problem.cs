using System.Diagnostics;
using System.Text.Json;
using Relo.Api.Http.Answers;

namespace Relo.Api.Http.Problems;

/// <summary>
/// One problem, written as <c>application/problem+json</c> (RFC 9457) whatever <c>Accept</c> says: a client that asked for an object
/// must still be able to read why it gets none. (The framework's own writer sends an empty body then.)
/// </summary>
internal sealed partial class Problem(ProblemKind kind, string detail) : IResult
{
    /// <summary>Media type of every error.</summary>
    public const string MediaType = "application/problem+json";

    private readonly List<(string Name, object? Value)> _extras = [];
    private readonly List<(string Name, string Value)> _headers = [];

    /// <summary>What kind of problem.</summary>
    public ProblemKind Kind => kind;

    /// <summary>What was found, what was expected, where.</summary>
    public string Detail => detail;

    /// <summary>Adds a member that belongs to the kind of problem.</summary>
    public Problem With(string name, object? value)
    {
        _extras.Add((name, value));
        return this;
    }

    /// <summary>Adds a header that belongs to the kind of problem. Set here, because what is set on the response itself is cleared when an exception passes.</summary>
    public Problem WithHeader(string name, string value)
    {
        _headers.Add((name, value));
        return this;
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            response.StatusCode = StatusCodes.Status499ClientClosedRequest; // for the log; nobody reads the answer
            return;
        }

        var body = Write(TraceId(httpContext), ApiJson.IsForReading(httpContext.Request), endsWithNewline: true);
        response.StatusCode = kind.Status;
        response.ContentType = MediaType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        foreach (var (name, value) in _headers) response.Headers[name] = value;
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        await response.Body.WriteAsync(body, CancellationToken.None); // an aborted connection swallows it
    }

    /// <summary>The body, for where it is a part of an answer that was begun as a good one.</summary>
    public ReadOnlyMemory<byte> ToJson(HttpContext http) => Write(TraceId(http), isIndented: false, endsWithNewline: false);

    private ReadOnlyMemory<byte> Write(string traceId, bool isIndented, bool endsWithNewline)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = ApiJson.Options.Encoder, Indented = isIndented, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("type", kind.Type);
            json.WriteString("title", kind.Title);
            json.WriteNumber("status", kind.Status);
            json.WriteString("detail", detail);
            json.WriteString("code", kind.Code);
            json.WriteString("traceId", traceId);
            foreach (var (name, value) in _extras)
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value, value?.GetType() ?? typeof(object), ApiJson.Options);
            }

            json.WriteEndObject();
        }

        if (endsWithNewline) buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>The id that the log line of the request has too.</summary>
    public static string TraceId(HttpContext http) => Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
}
