using System.Buffers.Binary;
using System.IO.Compression;
using Relo.Api.Http.Problems;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Relo.Api.Http.Uploads;

/// <summary>Decodes <c>Content-Encoding</c> (RFC 9110 §8.4), up to a limit.</summary>
internal static class ContentCoding
{
    /// <summary>The content codings, as listed by <c>Accept-Encoding</c> of a 415.</summary>
    public const string Known = "gzip, zstd";

    // 32 MiB, more than zstd uses without --ultra or --long; with the library's default of 128 MiB a few bytes could allocate that much.
    private const int ZstdWindowLog = 25;

    /// <summary>The decoded bytes of <paramref name="encoded"/>.</summary>
    /// <param name="request">The request, for its Content-Encoding.</param>
    /// <param name="encoded">The body as sent.</param>
    /// <param name="limitBytes">The largest decoded size.</param>
    /// <param name="setting">Name of the setting of the limit.</param>
    /// <param name="share">The request's share of the memory for uploads.</param>
    public static ReadOnlyMemory<byte> Decode(HttpRequest request, ReadOnlyMemory<byte> encoded, long limitBytes, string setting,
        BodyShare share)
    {
        var coding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        if (coding is "" or "identity" || encoded.IsEmpty) return encoded;

        var input = BodyBuffer.Over(encoded);
        try
        {
            switch (coding)
            {
                case "gzip" or "x-gzip":
                    using (var gzip = new GZipStream(input, CompressionMode.Decompress))
                        return CheckGzipEnd(encoded.Span, Copy(gzip, limitBytes, setting, share));
                case "zstd":
                    using (var zstd = new DecompressionStream(input))
                    {
                        zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
                        return Copy(zstd, limitBytes, setting, share);
                    }

                default:
                    throw new RefusedException(Problem.UnsupportedMediaType($"Content-Encoding is '{coding}', expected one of: {Known}")
                        .WithHeader("Accept-Encoding", Known));
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdException)
        {
            throw new RefusedException(Problem.InvalidBody($"Content-Encoding is {coding}, but the body of {encoded.Length} bytes is "
                + $"not a complete {coding} stream: {e.Message}"), e);
        }
    }

    private static ReadOnlyMemory<byte> Copy(Stream decoder, long limitBytes, string setting, BodyShare share)
    {
        var output = new BodyBuffer(share, limitBytes);
        for (int read; (read = decoder.Read(output.Room().Span)) > 0;)
        {
            output.Advance(read);
            if (output.Length > limitBytes)
                throw new RefusedException(Problem.BodyTooLarge("the decompressed body", limitBytes, setting));
        }

        return output.Written;
    }

    // The framework does not report a truncated gzip stream. Its last four bytes are the unpacked size (RFC 1952 §2.3.1): truncation, or
    // anything after the first member, does not match.
    private static ReadOnlyMemory<byte> CheckGzipEnd(ReadOnlySpan<byte> encoded, ReadOnlyMemory<byte> decoded)
    {
        const int SmallestMember = 18;
        var promised = encoded.Length < SmallestMember ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(encoded[^4..]);
        if (encoded.Length >= SmallestMember && promised == (uint)decoded.Length) return decoded;
        throw new InvalidDataException($"it decompresses to {decoded.Length} bytes but states a size of {promised}; "
            + "it is truncated or has trailing bytes");
    }
}
