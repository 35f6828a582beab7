using System.Collections.Concurrent;
using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relo.Benchmarks.Cluster;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>The part of S3 that the client uses, in memory, with every fault that a store may have.</summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    public const string Bucket = "btf-bucket";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, SortedDictionary<int, byte[]>> _uploads = new(StringComparer.Ordinal);

    private FakeS3(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Method and key of every request, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The headers of the last request that started to write an object.</summary>
    public IHeaderDictionary LastWrite { get; private set; } = new HeaderDictionary();

    /// <summary>Answers instead of the store; returns false to let the store answer.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = _ => Task.FromResult(false);

    /// <summary>Whether it knows If-None-Match on writes.</summary>
    public bool KnowsConditions { get; set; } = true;

    public string Url => _app.Urls.Single();

    public static async Task<FakeS3> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var store = new FakeS3(app);
        app.Run(store.AnswerAsync);
        await app.StartAsync();
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", S3Server.Key);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", S3Server.Key);
        return store;
    }

    public static async Task<bool> FailAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.WriteAsync(
                $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>as the test wants it</Message></Error>");
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (bucket, key) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        Asked.Enqueue($"{http.Request.Method} {key}");
        if (await Before(http)) return;
        if (bucket != Bucket) await FailAsync(http, 404, "NoSuchBucket");
        else if (http.Request.Query.ContainsKey("list-type")) await ListAsync(http);
        else await (http.Request.Method switch
        {
            "PUT" => PutAsync(http, key),
            "POST" => PostAsync(http, key),
            "DELETE" => DeleteAsync(http, key),
            _ => GetAsync(http, key),
        });
    }

    private async Task GetAsync(HttpContext http, string key)
    {
        if (!Objects.TryGetValue(key, out var bytes))
        {
            await FailAsync(http, 404, "NoSuchKey");
            return;
        }

        http.Response.Headers.ETag = ETag(bytes);
        if (http.Request.Headers.ContainsKey("x-amz-checksum-mode")) http.Response.Headers["x-amz-checksum-sha256"] = Sum(bytes);
        http.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsGet(http.Request.Method)) await http.Response.Body.WriteAsync(bytes);
    }

    private async Task PutAsync(HttpContext http, string key)
    {
        if (!http.Request.Query.ContainsKey("partNumber")) LastWrite = new HeaderDictionary(http.Request.Headers.ToDictionary());
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        if (http.Request.Headers["x-amz-checksum-sha256"].ToString() is { Length: > 0 } sum && sum != Sum(bytes))
        {
            await FailAsync(http, 400, "BadDigest");
            return;
        }

        http.Response.Headers.ETag = ETag(bytes);
        if (http.Request.Query["uploadId"].ToString() is { Length: > 0 } upload)
            lock (_uploads[upload])
                _uploads[upload][int.Parse(http.Request.Query["partNumber"].ToString(), CultureInfo.InvariantCulture)] = bytes;
        else if (!TryStore(http, key, bytes)) await FailAsync(http, 412, "PreconditionFailed");
    }

    private async Task PostAsync(HttpContext http, string key)
    {
        if (http.Request.Query.ContainsKey("uploads"))
        {
            var id = Guid.NewGuid().ToString("n");
            LastWrite = new HeaderDictionary(http.Request.Headers.ToDictionary());
            _uploads[id] = [];
            await XmlAsync(http,
                $"<InitiateMultipartUploadResult><Bucket>{Bucket}</Bucket><Key>{key}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>");
            return;
        }

        await http.Request.Body.CopyToAsync(Stream.Null);
        _uploads.TryRemove(http.Request.Query["uploadId"].ToString(), out var parts);
        var bytes = parts!.Values.SelectMany(part => part).ToArray();
        if (TryStore(http, key, bytes))
            await XmlAsync(
                http, $"<CompleteMultipartUploadResult><Key>{key}</Key><ETag>{ETag(bytes)}</ETag></CompleteMultipartUploadResult>");
        else await FailAsync(http, 412, "PreconditionFailed");
    }

    private async Task DeleteAsync(HttpContext http, string key)
    {
        http.Response.StatusCode = 204;
        if (http.Request.Query["uploadId"].ToString() is { Length: > 0 } upload) _uploads.TryRemove(upload, out _);
        else if (http.Request.Headers.IfMatch.ToString() is { Length: > 0 } version && Objects.TryGetValue(key, out var bytes)
            && ETag(bytes) != version)
            await FailAsync(http, 412, "PreconditionFailed");
        else Objects.TryRemove(key, out _);
    }

    private Task ListAsync(HttpContext http)
    {
        // small pages
        var most = http.Request.Query["max-keys"].ToString() is { Length: > 0 } said ? int.Parse(said, CultureInfo.InvariantCulture) : 3;
        var after = http.Request.Query["continuation-token"].ToString();
        var found = Objects.Where(o => o.Key.StartsWith(http.Request.Query["prefix"].ToString(), StringComparison.Ordinal)
            && string.CompareOrdinal(o.Key, after) > 0)
            .OrderBy(o => o.Key, StringComparer.Ordinal).ToList();
        var page = found.Take(most).ToList();
        var next = found.Count > most
            ? $"<IsTruncated>true</IsTruncated><NextContinuationToken>{page[^1].Key}</NextContinuationToken>"
            : "<IsTruncated>false</IsTruncated>";
        return XmlAsync(http,
            $"<ListBucketResult><Name>{Bucket}</Name>{next}{string.Concat(page.Select(o => $"<Contents><Key>{SecurityElement.Escape(o.Key)}</Key><Size>{o.Value.Length}</Size></Contents>"))}</ListBucketResult>");
    }

    private bool TryStore(HttpContext http, string key, byte[] bytes)
    {
        if (!KnowsConditions || http.Request.Headers.IfNoneMatch.Count == 0)
        {
            Objects[key] = bytes;
            return true;
        }

        return Objects.TryAdd(key, bytes);
    }

    private static Task XmlAsync(HttpContext http, string xml)
    {
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml);
    }

    private static string Sum(byte[] bytes) => Convert.ToBase64String(SHA256.HashData(bytes));

#pragma warning disable CA5351 // what S3 answers
    private static string ETag(byte[] bytes) => $"\"{Convert.ToHexStringLower(MD5.HashData(bytes))}\"";
#pragma warning restore CA5351
}
