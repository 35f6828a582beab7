using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Relo.Archive;

namespace Relo.Api.Http;

/// <summary>
/// Reads <c>multipart/form-data</c> with a file in one field (<c>object</c> mostly) and parameters in the others. From memory, not through the
/// framework's form: that one writes larger files to a temporary directory, which the service may not have.
/// </summary>
internal static class ObjectForm
{
    /// <summary>Field of the file, where the route does not have another name for it.</summary>
    public const string FileField = "object";

    private const int MaxFields = 32;
    private const int MaxFieldLength = 4096;
    private const int MaxRefLength = 128;

    /// <summary>Reads the form.</summary>
    /// <param name="contentType">Content-Type of the request, which holds the boundary.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="fileField">Field of the file.</param>
    /// <param name="share">Of the memory for uploads.</param>
    /// <param name="cancellation">The client is gone.</param>
    public static async Task<ObjectBody> ReadAsync(MediaTypeHeaderValue contentType, ReadOnlyMemory<byte> body, string fileField, BodyShare share, CancellationToken cancellation)
    {
        var boundary = HeaderUtilities.RemoveQuotes(contentType.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 200)
            throw new RefusedException(Problems.InvalidBody("Content-Type is multipart/form-data without a boundary of 1 to 200 characters"));

        var reader = new MultipartReader(boundary, BodyBuffer.Over(body)) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 };
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        ReadOnlyMemory<byte> file = default;
        string? fileName = null;
        try
        {
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                var disposition = section.GetContentDispositionHeader();
                var name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? default).Value;
                if (name == fileField)
                {
                    var bytes = await new BodyBuffer(share, body.Length).FillAsync(section.Body, cancellation);
                    // curl -F object=tracer: no file but the name of one that is kept. No ELF file reads like that.
                    if (disposition!.FileName.Length == 0 && bytes.Length <= MaxRefLength && ObjectRef.TryParse(Encoding.Latin1.GetString(bytes.Span), out _))
                    {
                        fields[name] = Encoding.Latin1.GetString(bytes.Span);
                        continue;
                    }

                    file = bytes;
                    fileName = HeaderUtilities.RemoveQuotes(disposition!.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
                }
                else if (name is { Length: > 0 } && disposition!.FileName.Length == 0) // another file is none of ours
                {
                    if (fields.Count == MaxFields) throw new InvalidDataException($"more than {MaxFields} fields");
                    fields[name] = await TextAsync(name, section.Body, cancellation);
                }
            }
        }
        // The last two come from the framework, for a filename* without a value or in UTF-7.
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentNullException or NotSupportedException)
        {
            throw new RefusedException(Problems.InvalidBody($"the multipart form is malformed: {e.Message}"), e);
        }

        return new ObjectBody(file, fileName, fields);
    }

    private static async Task<string> TextAsync(string name, Stream section, CancellationToken cancellation)
    {
        using var text = new StreamReader(section);
        var buffer = new char[MaxFieldLength + 1];
        var length = await text.ReadBlockAsync(buffer, cancellation);
        return length <= MaxFieldLength
            ? new string(buffer, 0, length)
            : throw new InvalidDataException($"field '{name}' is longer than {MaxFieldLength} characters");
    }
}
