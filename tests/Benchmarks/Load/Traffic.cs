using System.Net;
using System.Net.Http.Headers;

namespace Relo.Benchmarks.Load;

/// <summary>A kind of request: its share, and the expected response.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Share">Of a hundred.</param>
/// <param name="Expected">The only status that is right.</param>
/// <param name="Make">Makes one; the number is another for each.</param>
internal sealed record RequestKind(string Name, int Share, HttpStatusCode Expected, Func<long, HttpRequestMessage> Make);

/// <summary>Concurrent requests of nodes, pipelines and mistaken users.</summary>
internal static class Traffic
{
    public const string Tag = "load";

    private const string Kernel = "5.11.0-syscall-work";

    public static readonly byte[] Object =
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "wwwroot", "samples", "runqslower-mini.bpf.o"));

    /// <summary>The kinds, with shares of 100 in total; one in ten is invalid.</summary>
    /// <param name="etag">What the relocated object has.</param>
    public static IReadOnlyList<RequestKind> Kinds(EntityTagHeaderValue etag) =>
    [
        new("relocation, warm", 22, HttpStatusCode.OK, _ => Post($"/v1/relocations?kernel={Kernel}", Object)),
        new("relocation, cold", 12, HttpStatusCode.OK, n => Post($"/v1/relocations?kernel={Kernel}", Another(n))),
        new("upload", 6, HttpStatusCode.Created, n => Post($"/v1/objects?name={Tag}-{n % 32}", Another(-1 - n))),
        new("download", 20, HttpStatusCode.OK, _ => Get($"/v1/relocated/{Tag}?kernel={Kernel}")),
        new("not modified", 20, HttpStatusCode.NotModified, _ => Conditional(etag)),
        new("minimal BTF", 3, HttpStatusCode.OK, _ => Post($"/v1/minimal-btf?kernel={Kernel}", Object)),
        new("bundle", 1, HttpStatusCode.OK, _ => Post($"/v1/bundles?object={Tag}&distro=sample", [])),
        new("compatibility, warm", 2, HttpStatusCode.OK, _ => Post($"/v1/compatibility?object={Tag}", [])),
        new("compatibility, cold", 2, HttpStatusCode.OK, n => Post("/v1/compatibility", Another(n))),
        new("list", 2, HttpStatusCode.OK, n => Get(n % 2 == 0 ? "/v1/kernels" : "/v1/objects")),
        new("bad: no object", 4, HttpStatusCode.UnprocessableEntity,
            n => Post($"/v1/relocations?kernel={Kernel}", BitConverter.GetBytes(n))),
        new("bad: no such kernel", 3, HttpStatusCode.NotFound, n => Post($"/v1/relocations?kernel=9.9.{n}", Object)),
        new("bad: no such tag", 2, HttpStatusCode.NotFound, n => Get($"/v1/objects/none-{n}")),
        new("bad: no format", 1, HttpStatusCode.BadRequest, n => Get($"/v1/btf/{n}")),
    ];

    /// <summary>The object under its tag, and the URL that all clients download.</summary>
    public static async Task<EntityTagHeaderValue> PrepareAsync(HttpClient client)
    {
        using var upload = Post($"/v1/objects?name={Tag}", Object);
        using var kept = await client.SendAsync(upload);
        kept.EnsureSuccessStatusCode();
        using var relocated = await client.GetAsync(new Uri($"/v1/relocated/{Tag}?kernel={Kernel}", UriKind.Relative));
        return relocated.EnsureSuccessStatusCode().Headers.ETag ?? throw new InvalidOperationException("the relocated object has no ETag");
    }

    // Bytes behind the end of an object mean nothing and make it another.
    private static byte[] Another(long number) => [.. Object, .. BitConverter.GetBytes(number)];

    private static HttpRequestMessage Get(string address) => new(HttpMethod.Get, new Uri(address, UriKind.Relative));

    private static HttpRequestMessage Conditional(EntityTagHeaderValue etag)
    {
        var request = Get($"/v1/relocated/{Tag}?kernel={Kernel}");
        request.Headers.IfNoneMatch.Add(etag);
        return request;
    }

    private static HttpRequestMessage Post(string address, byte[] body) => new(HttpMethod.Post, new Uri(address, UriKind.Relative))
    {
        Content = new ByteArrayContent(
            body)
        { Headers = { ContentType = body.Length == 0 ? null : new MediaTypeHeaderValue("application/octet-stream") } },
    };
}
