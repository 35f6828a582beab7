using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Uploads;

/// <summary>
/// The file of a kernel upload: the file of a form, or else the body. Its Content-Type does not matter, because its format is recognised
/// by content.
/// </summary>
internal static class KernelBody
{
    /// <summary>Fields of a form that hold the file; the first one is documented.</summary>
    public static readonly string[] FileFields = ["file", "kernel", "btf", "object"];

    /// <summary>Streams the body to a file, which <see cref="Of"/> gives to the route.</summary>
    /// <returns>The other fields of a form.</returns>
    /// <exception cref="RefusedException">It is too large, empty, a malformed form, or not what Content-Digest says.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(HttpContext http, RouteParameters parameters, long limitBytes,
        string folder)
    {
        if (http.Request.Headers.ContentEncoding.ToString() is not ("" or "identity"))
            throw Unsupported($"Content-Encoding is '{http.Request.Headers.ContentEncoding}', expected none: compressed kernel files are "
                + "recognised by content");
        var form = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && UploadForm.Is(type)
            ? new UploadForm(type, FileFields, parameters)
            : null;
        var body = RequestBody.Open(http, form is null ? limitBytes : limitBytes + UploadForm.OverheadBytes);
        var isAwaited = http.Request.Headers.Expect.Count > 0;
        try
        {
            // Before the body is read, so that a client that waits for 100 (Continue), as curl does, never sends what is refused.
            if (http.Request.ContentLength is { } length && length <= limitBytes) SpaceOf(http).Check(length);
            isAwaited = false;
            if (form is not null) return await FormAsync(http, form, body, limitBytes, folder);
            var file = await UploadedFile.ReceiveAsync(body, limitBytes, folder, SpaceOf(http), http.RequestAborted);
            Keep(http, file, "the body has 0 bytes, expected a file that holds the BTF of a kernel");
            return UploadForm.NoFields;
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RefusedException(Problem.BodyTooLarge("the body", limitBytes, nameof(LimitOptions.KernelFileBytes)), e);
        }
        catch (RefusedException) when (!isAwaited)
        {
            await RequestBody.DiscardAsync(http);
            throw;
        }
    }

    /// <summary>The file of this request, valid until the response is complete.</summary>
    public static UploadedFile Of(HttpContext http) => http.Features.GetRequiredFeature<UploadedFile>();

    private static async Task<IReadOnlyDictionary<string, string>> FormAsync(
        HttpContext http, UploadForm form, Stream body, long limitBytes, string folder)
    {
        var hasFile = false;
        await form.ReadAsync(body, TakeAsync, http.RequestAborted);
        return hasFile
            ? form.Fields
            : throw new RefusedException(Problem.EmptyBody($"the form has no file in its field '{FileFields[0]}'"));

        async Task<string?> TakeAsync(MultipartSection section, string? fileName)
        {
            if (hasFile) return null; // the form refuses a second one
            hasFile = true;
            var file = await UploadedFile.ReceiveAsync(section.Body, limitBytes, folder, SpaceOf(http), http.RequestAborted);
            Keep(http, file, "the file of the form has 0 bytes, expected one that holds the BTF of a kernel");
            return null;
        }
    }

    private static KernelFileSpace SpaceOf(HttpContext http) => http.RequestServices.GetRequiredService<KernelFileSpace>();

    private static void Keep(HttpContext http, UploadedFile file, string whenEmpty)
    {
        http.Response.RegisterForDispose(file);
        if (file.Bytes.IsEmpty) throw new RefusedException(Problem.EmptyBody(whenEmpty));
        http.Features.Set(file);
    }

    private static RefusedException Unsupported(string detail)
        => new(Problem.UnsupportedMediaType(detail)
            .WithHeader("Accept", "application/octet-stream, multipart/form-data").WithHeader("Accept-Encoding", "identity"));
}
