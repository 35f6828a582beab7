using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Archive.Faults;

namespace Relo.Api.Http.Uploads;

/// <summary>
/// Reads <c>multipart/form-data</c> with a file in one field and parameters in the others. Does not use the framework's form reader,
/// which writes larger files to a temporary directory, which the service may not have.
/// </summary>
/// <param name="contentType">Content-Type of the request, which holds the boundary.</param>
/// <param name="fileFields">Fields that may hold the file, the usual one first.</param>
/// <param name="parameters">The known names of the other fields; null ignores those fields, as btfhub-online does.</param>
/// <param name="second">A field that holds another file; null if there is none.</param>
internal sealed class UploadForm(
    MediaTypeHeaderValue contentType, IReadOnlyList<string> fileFields, RouteParameters? parameters, string? second = null)
{
    /// <summary>The largest size of a form beyond the file in it.</summary>
    public const int OverheadBytes = 64 * 1024;

    private const int MaxFieldLength = 4096;

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);
    private string? _fileField;
    private bool _hasSecond;

    /// <summary>The fields of a body that is no form.</summary>
    public static IReadOnlyDictionary<string, string> NoFields { get; } = new Dictionary<string, string>();

    /// <summary>Whether this is the media type of a form.</summary>
    public static bool Is(MediaTypeHeaderValue? contentType) =>
        contentType?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The fields without the file.</summary>
    public IReadOnlyDictionary<string, string> Fields => _fields;

    /// <summary>Reads the form to its end.</summary>
    /// <param name="body">The body.</param>
    /// <param name="takeFile">Reads the file; its argument is the file's name, if any. Returns the field's value if the part is a plain
    /// field, else null.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    /// <param name="takeSecond">Reads the second file.</param>
    /// <exception cref="RefusedException">The form is malformed, or has a field that the route does not know.</exception>
    public async Task ReadAsync(Stream body, Func<MultipartSection, string?, Task<string?>> takeFile, CancellationToken cancellation,
        Func<MultipartSection, Task>? takeSecond = null)
    {
        var boundary = HeaderUtilities.RemoveQuotes(contentType.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 200)
            throw new RefusedException(Problem.InvalidBody("Content-Type is multipart/form-data without a boundary of 1 to 200 "
                + "characters"));
        var reader = new MultipartReader(boundary, body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 };
        try
        {
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
                await TakeAsync(section, takeFile, takeSecond, cancellation);
            await body.CopyToAsync(Stream.Null, cancellation); // Content-Digest is checked at the very end
        }
        // The framework throws the last two for a filename* without a value or in UTF-7. A full disk, while a file is written, is none of
        // the form's faults.
        catch (Exception e) when (StorageFault.Of(e) is null && e is InvalidDataException
            or IOException and not BadHttpRequestException or ArgumentNullException or NotSupportedException)
        {
            throw new RefusedException(Problem.InvalidBody($"the multipart form is malformed: {e.Message}"), e);
        }
    }

    private async Task TakeAsync(MultipartSection section, Func<MultipartSection, string?, Task<string?>> takeFile,
        Func<MultipartSection, Task>? takeSecond, CancellationToken cancellation)
    {
        var disposition = section.GetContentDispositionHeader();
        var name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? default).Value ?? "";
        var fileName = HeaderUtilities.RemoveQuotes(disposition?.FileNameStar is { HasValue: true } star ? star : disposition?.FileName
            ?? default).Value;
        if (fileFields.Contains(name, StringComparer.Ordinal))
        {
            if (await takeFile(section, fileName) is { } value) Add(name, value);
            else if (_fileField is null) _fileField = name;
            else if (parameters is not null)
                throw new RefusedException(Problem.InvalidBody($"the form has two files, in its fields '{_fileField}' and '{name}', "
                    + "expected one"));
            return;
        }

        if (name == second && takeSecond is not null)
        {
            if (_hasSecond)
                throw new RefusedException(Problem.InvalidBody($"the form has two files in its field '{second}', expected one"));
            _hasSecond = true;
            await takeSecond(section);
            return;
        }

        if (parameters is null) return;
        if (name.Length == 0) throw new InvalidDataException("a part has no name");
        if (!parameters.All.Any(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            throw parameters.Unknown(name, second is null ? [fileFields[0]] : [fileFields[0], second],
                isFile: !string.IsNullOrEmpty(fileName));
        Add(name, await TextAsync(name, section.Body, cancellation));
    }

    private void Add(string name, string value)
    {
        if (!_fields.TryAdd(name, value)) throw new RefusedException(Problem.ParameterTwice(name, _fields[name], value));
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
