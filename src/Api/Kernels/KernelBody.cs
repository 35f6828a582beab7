using Relo.Api.Http;

namespace Relo.Api.Kernels;

/// <summary>The file of a kernel upload: always the body itself, whatever Content-Type says, because it is recognised by content.</summary>
internal static class KernelBody
{
    /// <summary>Streams the body to a file.</summary>
    /// <exception cref="RefusedException">It is too large, empty, a form, or not what Content-Digest says.</exception>
    public static async Task<UploadedFile> ReadAsync(HttpContext http, long limitBytes, string folder)
    {
        if (http.Request.HasFormContentType && http.Request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            throw Unsupported("Content-Type is a multipart form, expected the file itself as application/octet-stream");
        if (http.Request.Headers.ContentEncoding.ToString() is not ("" or "identity"))
            throw Unsupported($"Content-Encoding is '{http.Request.Headers.ContentEncoding}', expected none: compressed kernel files are recognised by content");

        try
        {
            var file = await UploadedFile.ReceiveAsync(RequestBody.Open(http, limitBytes), folder, http.RequestAborted);
            if (!file.Bytes.IsEmpty) return file;
            file.Dispose();
            throw new RefusedException(Problems.EmptyBody("the body has 0 bytes, expected a file that holds the BTF of a kernel"));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RefusedException(Problems.BodyTooLarge("the body", limitBytes, nameof(LimitOptions.KernelFileBytes)), e);
        }
    }

    private static RefusedException Unsupported(string detail)
        => new(Problems.UnsupportedMediaType(detail).WithHeader("Accept", "application/octet-stream").WithHeader("Accept-Encoding", "identity"));
}
