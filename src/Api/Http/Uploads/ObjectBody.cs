using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Uploads;

/// <summary>
/// An uploaded BPF object. It is the body itself (<c>curl --data-binary @x.bpf.o</c>) or a file of a form
/// (<c>curl -F object=@x.bpf.o</c>); either may be compressed.
/// </summary>
/// <param name="Bytes">The object.</param>
/// <param name="FileName">Name of the file, if a form gives one.</param>
/// <param name="Fields">The other fields of the form, which are parameters.</param>
internal sealed record ObjectBody(ReadOnlyMemory<byte> Bytes, string? FileName, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>The log that a form has besides the object, on a route that accepts one.</summary>
    public ReadOnlyMemory<byte> Log { get; init; }

    private const string Multipart = "multipart/form-data";

    // curl --data-binary without -H labels every body a URL-encoded form. Such a form cannot carry a file, so the body is the object.
    private static readonly string[] Raw = ["application/octet-stream", "application/x-www-form-urlencoded", "application/x-object",
        "application/x-elf", "application/x-sharedlib"];

    /// <summary>Reads, checks and unpacks the body of a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="limitBytes">Largest object.</param>
    /// <param name="parameters">The known names of the other form fields; null ignores those fields.</param>
    /// <param name="fileField">Field of a form that holds it.</param>
    /// <param name="mayBeEmpty">Whether the object is optional.</param>
    /// <param name="withLog">Whether the form may also have a log; the limit is for both together.</param>
    /// <exception cref="RefusedException">The body is too large, empty, or does not match its headers.</exception>
    public static async Task<ObjectBody> ReadAsync(HttpContext http, long limitBytes, RouteParameters? parameters,
        string fileField = ObjectForm.FileField, bool mayBeEmpty = false, bool withLog = false)
    {
        var contentType = MediaType(http);
        var form = UploadForm.Is(contentType);
        var limit = form ? limitBytes + UploadForm.OverheadBytes : limitBytes;
        var share = BodyShare.Of(http);
        var sent = await RequestBody.ReadAsync(http, limit, nameof(LimitOptions.ObjectBytes), share);
        var bytes = ContentCoding.Decode(http.Request, sent, limit, nameof(LimitOptions.ObjectBytes), share);
        var body = form
            ? await ObjectForm.ReadAsync(contentType!, bytes, fileField, parameters, withLog, http.RequestAborted)
            : new ObjectBody(bytes, null, UploadForm.NoFields);

        share.KeepOnly(body.Bytes.IsEmpty ? body.Log : body.Bytes); // both are parts of one array
        if (body.Bytes.Length > limitBytes)
            throw new RefusedException(Problem.BodyTooLarge("the object", limitBytes, nameof(LimitOptions.ObjectBytes)));
        return body.Bytes.IsEmpty && !mayBeEmpty
            ? throw new RefusedException(Problem.EmptyBody(form ? $"the form has no file in its field '{fileField}'" : "the body has 0 "
                + "bytes, expected a BPF object"))
            : body;
    }

    /// <summary>The object of this request, on a route that accepts one.</summary>
    public static ObjectBody Of(HttpContext http) => http.Features.GetRequiredFeature<ObjectBody>();

    private static MediaTypeHeaderValue? MediaType(HttpContext http)
    {
        var text = http.Request.ContentType;
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (MediaTypeHeaderValue.TryParse(text, out var type)
            && (UploadForm.Is(type) || Raw.Any(r => type.MediaType.Equals(r, StringComparison.OrdinalIgnoreCase))))
            return type;

        throw new RefusedException(Problem.UnsupportedMediaType($"Content-Type is '{text}', expected {Raw[0]} or {Multipart}")
            .WithHeader("Accept", $"{Raw[0]}, {Multipart}"));
    }
}
