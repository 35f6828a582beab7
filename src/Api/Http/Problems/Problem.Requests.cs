using System.Globalization;
using Relo.Api.Spelling;
using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Problems;

/// <summary>Maps failures to problem responses. This part: the request itself and its bytes.</summary>
internal sealed partial class Problem
{
    // A client has to add the file again, or the upstream archive has to become available.
    private static readonly TimeSpan UntilRepaired = TimeSpan.FromMinutes(1);

    private const string AskForParts = "Request parts of it: fields=summary,fieldChanges leaves out all other members, "
        + "and fields=relocations&relocationsLimit=1000 returns the relocations page by page";

    /// <summary>What to ask for instead of an answer about many kernels.</summary>
    public const string AskForFewerKernels = "Ask for fewer kernels with distro, version, arch and release";

    private static readonly TimeSpan UntilOthersAreDone = TimeSpan.FromSeconds(5);

    public static Problem BodyTooLarge(string what, long limitBytes, string setting)
        => new(ProblemKinds.BodyTooLarge, $"{what} is larger than the {limitBytes} bytes that Limits:{setting} allows");

    /// <summary>A report that is too large for one response.</summary>
    public static Problem ReportTooLarge(string what, long limitBytes, string setting, string? instead = null)
        => new(ProblemKinds.ReportTooLarge, $"{what}; Limits:{setting} allows {limitBytes}. {instead ?? AskForParts}");

    /// <summary>The same for an answer about many kernels.</summary>
    public static Problem ReportTooLarge(string what) => new(ProblemKinds.ReportTooLarge, $"{what}. {AskForFewerKernels}");

    public static Problem EmptyBody(string detail) => new(ProblemKinds.EmptyBody, detail);

    public static Problem InvalidBody(string detail) => new(ProblemKinds.InvalidBody, detail);

    public static Problem InvalidParameter(string name, string found, string expected, string? meant = null)
        => new Problem(ProblemKinds.InvalidParameter, $"{name} is '{found}', expected {expected}{Suggestion.Question(meant)}")
            .With("parameter", name).WithMeant(meant);

    public static Problem ParameterTwice(string name, string? first, string? second)
        => new Problem(ProblemKinds.InvalidParameter, $"{name} is given twice, as '{first}' and as '{second}', expected one value")
            .With("parameter", name);

    public static Problem UnknownParameter(string route, string name, IReadOnlyList<string> known, string? meant)
        => new Problem(ProblemKinds.UnknownParameter, $"{route} has no parameter '{name}'; it has "
            + $"{(known.Count == 0 ? "none" : string.Join(", ", known))}{Suggestion.Question(meant)}")
            .With("parameter", name).With("known", known).WithMeant(meant);

    public static Problem UnsupportedMediaType(string detail) => new(ProblemKinds.UnsupportedMediaType, detail);

    public static Problem NotAcceptable(HttpRequest request, params IReadOnlyList<string> offers)
        => new Problem(ProblemKinds.NotAcceptable, $"Accept is '{request.Headers.Accept}', the route answers in one of: "
            + $"{string.Join(", ", offers)}").With("offers", offers);

    public static Problem DigestMismatch(string algorithm, ReadOnlySpan<byte> found, ReadOnlySpan<byte> expected)
        => new(ProblemKinds.DigestMismatch, $"the body has {algorithm} {Convert.ToHexStringLower(found)}, Content-Digest says "
            + $"{Convert.ToHexStringLower(expected)}");

    public static Problem Of(MalformedObjectException malformed)
    {
        var problem = new Problem(ProblemKinds.Find(malformed.Code) ?? ProblemKinds.MalformedObject, malformed.Message)
            .With("section", malformed.Section).With("offset", malformed.Offset);
        // As in a report: the number of records.
        return malformed.RecordsRead is { } records ? problem.With("summary", new { relocations = records }) : problem;
    }

    public static Problem Of(StorageFault fault) =>
        new Problem(ProblemKinds.StorageUnavailable, fault.Reason).WithHeader("Retry-After", Seconds(fault.RetryAfter));

    /// <summary>
    /// The runtime could not allocate the memory for this request. Other requests continue, and the memory they release is available for
    /// the next.
    /// </summary>
    public static Problem OutOfMemory()
        => new Problem(ProblemKinds.StorageUnavailable, "the service does not have enough memory for this request")
            .WithHeader("Retry-After", Seconds(UntilOthersAreDone));

    /// <summary>No key is configured.</summary>
    public static Problem SigningOff() => new(ProblemKinds.SigningOff, "Signing:KeyFile and Signing:Command are empty");

    /// <summary>An object came without a signature that the settings demand.</summary>
    public static Problem SignatureRequired(string reason) => new(ProblemKinds.SignatureRequired, reason);

    /// <summary>A signature came although no key is configured.</summary>
    public static Problem SignatureNotChecked() => new(
        ProblemKinds.InvalidParameter, "the request has a signature, but this service checks none: Objects:RequireSignatureBy is empty");

    /// <summary>The command that signs failed.</summary>
    public static Problem SigningFailed() =>
        new Problem(ProblemKinds.SigningFailed, "the command that signs failed; the service's log has the reason")
            .WithHeader("Retry-After", Seconds(UntilOthersAreDone));

    public static Problem Of(BlobLostException lost) =>
        new Problem(ProblemKinds.BlobDamaged, lost.Message).WithHeader("Retry-After", Seconds(UntilRepaired));

    public static Problem TooManyRequests(string detail, TimeSpan after) => new Problem(ProblemKinds.TooManyRequests, detail)
        .WithHeader("Retry-After", AtLeastOne(after));

    public static Problem TimeExceeded(string request, TimeSpan time, string setting)
        => new(ProblemKinds.TimeExceeded, $"{request}: no answer within the {time.TotalSeconds.ToString(CultureInfo.InvariantCulture)} "
            + $"seconds that Limits:{setting} allows");

    public static Problem InternalError() =>
        new(ProblemKinds.InternalError, "the service failed unexpectedly; its log has the cause, with this traceId");

    /// <summary>For requests that the framework refuses with only a status.</summary>
    public static Problem OfStatus(HttpContext http, int status, string? detail = null)
    {
        var request = $"{http.Request.Method} {http.Request.Path}";
        return status switch
        {
            404 => new(ProblemKinds.NotFound, detail ?? $"{request}: no route has this path"),
            405 => new(ProblemKinds.MethodNotAllowed, detail ?? $"{request}: this path allows {http.Response.Headers.Allow}"),
            406 => new(ProblemKinds.NotAcceptable, detail ?? $"{request}: Accept is '{http.Request.Headers.Accept}'"),
            408 => new(ProblemKinds.RequestTimeout, detail ?? request),
            413 => new(ProblemKinds.BodyTooLarge, detail ?? request),
            415 => new(ProblemKinds.UnsupportedMediaType, detail ?? $"{request}: Content-Type is '{http.Request.ContentType}'"),
            416 => new(ProblemKinds.RangeNotSatisfiable, $"Range is '{http.Request.Headers.Range}', Content-Range has the size: "
                + $"{http.Response.Headers.ContentRange}"),
            >= 400 and < 500 => new(ProblemKinds.BadRequest, detail ?? request),
            _ => InternalError(),
        };
    }

    // Only if there is a suggestion.
    private Problem WithMeant(string? meant) => meant is null ? this : With("didYouMean", meant);

    private static string AtLeastOne(TimeSpan time) =>
        Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
