using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Relo.Api.Http.Parameters;
using Relo.Archive.Objects;

namespace Relo.Api.Http.Uploads;

/// <summary>A form with a BPF object in one field (usually <c>object</c>), read from memory.</summary>
internal static class ObjectForm
{
    /// <summary>Default name of the file's field.</summary>
    public const string FileField = "object";

    /// <summary>Name of the field of a log.</summary>
    public const string LogField = "log";

    private const int MaxRefLength = 128;

    /// <summary>Reads the form.</summary>
    /// <param name="contentType">Content-Type of the request, which holds the boundary.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="fileField">Field of the file.</param>
    /// <param name="parameters">The known names of the other fields; null ignores those fields.</param>
    /// <param name="withLog">Whether it also has a log.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    public static async Task<ObjectBody> ReadAsync(
        MediaTypeHeaderValue contentType, ReadOnlyMemory<byte> body, string fileField, RouteParameters? parameters, bool withLog,
        CancellationToken cancellation)
    {
        // The route also accepts the name of a stored object in this field.
        var mayBeRef = parameters?.All.Any(p => p.Name == fileField) == true;
        var form = new UploadForm(contentType, [fileField], parameters, withLog ? LogField : null);
        ReadOnlyMemory<byte> file = default, log = default;
        string? name = null;
        await form.ReadAsync(BodyBuffer.Over(body), TakeAsync, cancellation, TakeLogAsync);
        return new ObjectBody(file, name, form.Fields) { Log = log };

        async Task TakeLogAsync(MultipartSection section) => log = await BytesOfAsync(section);

        // The file is a slice of the body, which is already in memory: no copy.
        async Task<ReadOnlyMemory<byte>> BytesOfAsync(MultipartSection section)
        {
            await section.Body.DrainAsync(cancellation);
            return body.Slice((int)section.BaseStreamOffset!.Value, (int)section.Body.Length);
        }

        async Task<string?> TakeAsync(MultipartSection section, string? fileName)
        {
            var bytes = await BytesOfAsync(section);
            // curl -F object=tracer sends the name of a stored object instead of a file. No ELF file looks like such a name.
            if (mayBeRef && string.IsNullOrEmpty(fileName) && bytes.Length <= MaxRefLength
                && ObjectRef.TryParse(Encoding.Latin1.GetString(bytes.Span), out _))
                return Encoding.Latin1.GetString(bytes.Span);
            (file, name) = (bytes, fileName);
            return null;
        }
    }
}
