using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Relo.Api.Http.Bodies;
using Relo.Api.Http.Problems;
using ZstdSharp;

namespace Relo.Api.Http.Answers;

/// <summary>
/// Compresses JSON and text if the client accepts it. Objects and BTF are sent as they are: their digests cover the bytes on the wire,
/// and clients can request ranges. Compression over TLS is safe here (BREACH), because no response holds a secret.
/// </summary>
internal sealed class Compression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options)
{
    private static readonly string[] Compressed =
        ["text/*", "application/json", Problem.MediaType, "application/x-ndjson", "application/sarif+json", "application/javascript",
            "text/javascript", "image/svg+xml"];

    /// <summary>Registers compression.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = Compressed;
            options.Providers.Add<BrotliCompressionProvider>(); // the first wins if the client has no preference
            options.Providers.Add<ZstdProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        // Each response is compressed once, so speed matters more than size.
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        services.AddSingleton<IResponseCompressionProvider, Compression>();
    }

    /// <inheritdoc/>
    public override ICompressionProvider? GetCompressionProvider(HttpContext context)
    {
        var chosen = base.GetCompressionProvider(context);
        if (chosen is not null) Weaken(context.Response.Headers);
        return chosen;
    }

    // RFC 9110 §8.8.3.3: a strong ETag identifies the uncompressed bytes. RFC 9530 §2 and §3: both digests cover the encoded bytes.
    private static void Weaken(IHeaderDictionary headers)
    {
        if (headers.ETag.ToString() is ['"', ..] strong) headers.ETag = "W/" + strong;
        headers.Remove(ContentDigest.Field);
        headers.Remove(ContentDigest.ReprField);
        headers.Remove(HeaderNames.AcceptRanges);
    }

    private sealed class ZstdProvider : ICompressionProvider
    {
        public string EncodingName => "zstd";

        public bool SupportsFlush => true;

        public Stream CreateStream(Stream outputStream) => new CompressionStream(outputStream, level: 1, leaveOpen: true);
    }
}
