using System.Buffers;
using Microsoft.Net.Http.Headers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;

namespace Relo.Api.BtfHubOnline;

/// <summary>
/// The object of POST /api/v1/customize. btfhub-online reads it from a file of a multipart form, as its Go client sends it. Its
/// OpenAPI document declares a field of a URL-encoded form, which clients generated from that document send. Both are accepted.
/// </summary>
internal static class BpfField
{
    private const string UrlEncoded = "application/x-www-form-urlencoded";
    private const int Expansion = 3; // in the worst case every byte becomes %XX
    private static readonly byte[] Begin = "bpf="u8.ToArray();

    /// <summary>Reads the object.</summary>
    /// <exception cref="RefusedException">There is none, or it is too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http, long limitBytes)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || !type.MediaType.Equals(UrlEncoded, StringComparison.OrdinalIgnoreCase))
            return (await ObjectBody.ReadAsync(http, limitBytes, parameters: null, CustomizeRoute.FileField)).Bytes;

        var limit = Math.Min((Expansion * limitBytes) + Begin.Length, Array.MaxLength - 1);
        var share = BodyShare.Of(http);
        var sent = await RequestBody.ReadAsync(http, limit, nameof(LimitOptions.ObjectBytes), share);
        var body = ContentCoding.Decode(http.Request, sent, limit, nameof(LimitOptions.ObjectBytes), share);
        // A BPF object starts with 0x7f, so this body is not an object itself.
        var bytes = body.Span.StartsWith(Begin) ? Decode(body.Span[Begin.Length..], share) : body;
        if (bytes.Length > limitBytes)
            throw new RefusedException(Problem.BodyTooLarge("the object", limitBytes, nameof(LimitOptions.ObjectBytes)));
        return bytes.IsEmpty
            ? throw new RefusedException(Problem.EmptyBody($"the form field '{CustomizeRoute.FileField}' is empty"))
            : bytes;
    }

    // A raw & ends the field, because an & of the object is encoded. WebUtility.UrlDecodeToBytes would allocate two more arrays, uncounted.
    internal static ReadOnlyMemory<byte> Decode(ReadOnlySpan<byte> field, BodyShare share)
    {
        var end = field.IndexOf((byte)'&');
        var encoded = end < 0 ? field : field[..end];
        var decoded = share.Array(encoded.Length);
        var length = 0;
        for (; !encoded.IsEmpty; length++)
        {
            var isEscape = encoded[0] == '%' && encoded.Length > 2
                && Convert.FromHexString(encoded[1..3], decoded.AsSpan(length, 1), out _, out _) == OperationStatus.Done;
            if (!isEscape) decoded[length] = encoded[0] == '+' ? (byte)' ' : encoded[0];
            encoded = encoded[(isEscape ? 3 : 1)..];
        }

        return decoded.AsMemory(0, length);
    }
}
