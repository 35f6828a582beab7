using System.Buffers;
using System.Text;
using System.Text.Json;
using Relo.Api.Http.Json;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Bodies;

/// <summary>
/// A response body that is never whole in memory. It is written twice: first to measure it, so that status, length and digest are known
/// before the first byte is sent, then to the client. Both passes must write the same bytes.
/// </summary>
internal sealed class StreamedBody
{
    private const int BytesAtATime = 16 << 10;

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    private readonly Func<Stream, CancellationToken, Task> _write;

    private StreamedBody(Func<Stream, CancellationToken, Task> write, long lengthBytes, Digest digest)
        => (_write, LengthBytes, Digest) = (write, lengthBytes, digest);

    /// <summary>Number of bytes.</summary>
    public long LengthBytes { get; }

    /// <summary>SHA-256 of the bytes.</summary>
    public Digest Digest { get; }

    /// <summary>Measures a body.</summary>
    /// <param name="write">Writes it.</param>
    /// <param name="mostBytes">The limit.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    /// <exception cref="BodyTooLongException">The limit is exceeded.</exception>
    public static async Task<StreamedBody> MeasureAsync(Func<Stream, CancellationToken, Task> write, long mostBytes,
        CancellationToken cancellation)
    {
        await using var measured = new MeasuringStream(mostBytes);
        await write(measured, cancellation);
        return new(write, measured.Length, measured.ToDigest());
    }

    /// <summary>Measures a document as JSON with a final newline, indented for people (<see cref="ApiJson.IsForReading"/>).</summary>
    /// <exception cref="BodyTooLongException">The limit is exceeded.</exception>
    public static Task<StreamedBody> MeasureJsonAsync<T>(HttpRequest request, T document, long mostBytes, CancellationToken cancellation)
        => MeasureAsync((output, stop) => WriteJsonAsync(request, document, output, stop), mostBytes, cancellation);

    /// <summary>Writes a document as JSON, piece by piece.</summary>
    public static async Task WriteJsonAsync<T>(HttpRequest request, T document, Stream output, CancellationToken cancellation)
    {
        await JsonSerializer.SerializeAsync(output, document, ApiJson.IsForReading(request) ? ApiJson.Indented : ApiJson.Options,
            cancellation);
        await output.WriteAsync(NewLine, cancellation);
    }

    /// <summary>Measures a text, which is enumerated twice.</summary>
    /// <param name="lines">Its lines, without line breaks.</param>
    /// <param name="mostBytes">The limit.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    /// <exception cref="BodyTooLongException">The limit is exceeded.</exception>
    public static Task<StreamedBody> MeasureLinesAsync(IEnumerable<string> lines, long mostBytes, CancellationToken cancellation)
        => MeasureAsync((output, stop) => WriteLinesAsync(lines, output, stop), mostBytes, cancellation);

    /// <summary>Writes lines as UTF-8, in chunks.</summary>
    public static async Task WriteLinesAsync(IEnumerable<string> lines, Stream output, CancellationToken cancellation)
    {
        var some = new ArrayBufferWriter<byte>();
        foreach (var line in lines)
        {
            Encoding.UTF8.GetBytes(line, some);
            some.Write(NewLine);
            if (some.WrittenCount >= BytesAtATime) await FlushAsync();
        }

        await FlushAsync();

        async Task FlushAsync()
        {
            await output.WriteAsync(some.WrittenMemory, cancellation);
            some.ResetWrittenCount();
        }
    }

    /// <summary>Writes the body to the client, in pieces.</summary>
    public Task SendAsync(HttpContext http) => WriteAsync(http.Response.Body, http.RequestAborted);

    /// <summary>Writes the body, in pieces.</summary>
    public Task WriteAsync(Stream output, CancellationToken cancellation) => _write(output, cancellation);
}
