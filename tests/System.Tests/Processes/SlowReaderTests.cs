using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Processes;

/// <summary>
/// Many clients that request large responses and do not read them, on every route that sends bytes; together they request more than the
/// service's heap.
/// </summary>
public sealed class SlowReaderTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 32;
    private const int LargeBytes = 12 << 20;
    private const long HeapBytes = 224L << 20; // less than Clients * LargeBytes

    // Beyond the heap: code, stacks, sockets, and what the runtime has not returned to the system yet.
    private const long ResidentBytes = HeapBytes + (192L << 20);

    private readonly string _root = Directory.CreateTempSubdirectory("relo-slow-").FullName;

    private const string FormType = "Content-Type: multipart/form-data; boundary=b";

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_that_do_not_read_neither_end_the_service_nor_keep_others_from_it()
    {
        using var key = TestKeys.InFile();
        using var running = await RunningProgram.StartAsync(
            _root, $"DOTNET_GCHeapHardLimit=0x{HeapBytes:X}", $"--Limits:ObjectBytes={LargeBytes + (1 << 20)}",
            $"--Signing:KeyFile={key.Path}");
        // Random bytes after the end of an object mean nothing, and do not compress.
        byte[] large = [.. Samples.Object, .. RandomNumberGenerator.GetBytes(LargeBytes)];
        var btf = MadeUpBtf.Of("large", LargeBytes);
        (await running.Http.PostAsync("/v1/objects?name=large", Answers.Body(large), Patience)).EnsureSuccessStatusCode();
        (await running.Http.PostAsync("/v1/kernels?distro=a&version=1&arch=x86_64&release=1.0", Answers.Body(btf), Patience))
            .EnsureSuccessStatusCode();
        var (digest, btfDigest, kernel) = (Digest.Of(large).Hex, Digest.Of(btf).Hex, $"kernel={Samples.NewKernel}");

        var made = "distribution=a&distribution_version=1&kernel_version=1.0&arch=x86_64";
        (string Request, byte[]? Body)[] requests =
        [
            ($"GET /v1/btf/{btfDigest}", null), ("GET /v1/kernels/btf?kernel=a/1/x86_64/1.0", null),
            ("GET /v1/objects/large/file", null), ($"GET /v1/relocated/large?{kernel}", null),
            ($"GET /v1/relocations/{digest}/{Digest.Of(Samples.NewBtf).Hex}/object", null),
            ($"GET /api/v1/download?{made}", null),
            ($"GET /v1/relocations/{digest}/{Digest.Of(Samples.NewBtf).Hex}\nAccept: text/markdown", null),
            ("POST /v1/compatibility?distro=sample\nAccept: text/plain", large),
            ($"GET /v1/types/task_struct?{kernel}\nAccept: text/plain", null),
            ($"GET /v1/types/task_struct/diff?from={Samples.OldKernel}&to={Samples.NewKernel}\nAccept: text/plain", null),
            ("GET /v1/types/task_struct/history?distro=sample\nAccept: text/plain", null),
            ("GET /v1/objects/large/kernels?distro=sample\nAccept: text/plain", null),
            ("GET /v1/vmlinux.h?kernel=a/1/x86_64/1.0", null),
            ("GET /v1/keys\nAccept: application/x-pem-file", null), ($"GET /v1/relocated/large/attestation?{kernel}", null),
            ("GET /fetch.sh", null), ("GET /relo-check.sh", null), ("GET /problems\nAccept: text/html", null),
            ("GET /problems/not-found\nAccept: text/html", null),
            ($"POST /v1/relocations?{kernel}", large), ($"POST /v1/relocations?{kernel}\nAccept: application/octet-stream", large),
            ($"POST /v1/relocations?{kernel}\nAccept: application/zip", large), ("POST /v1/bundles?distro=sample", large),
            ("POST /v1/bundles?distro=sample\nAccept: application/gzip", large), ($"POST /v1/minimal-btf?{kernel}", large),
            ("POST /v1/minimal-btf?distro=sample", large),
            ($"POST /api/v1/customize?{made}\n{FormType}", Form(("bpf", Samples.Object))),
            ($"POST /v1/diagnoses?{kernel}\n{FormType}\nAccept: text/plain", Form(("object", Samples.Object), ("log", "nothing\n"u8.ToArray()))),
        ];
        var document = await running.Http.GetStringAsync("/openapi/v1.json", Patience);
        var notAsked = RoutesThatSendBytes(document).Where(route => !requests.Any(request => route.Matches(request.Request))).ToArray();
        Assert.Empty(notAsked);
        foreach (var (request, body) in requests) await NobodyReadsAsync(running, request, body);

        await running.StopAsync();
        Assert.Equal(0, running.Process.ExitCode);
    }

    /// <summary>The routes of the OpenAPI document that can return something other than JSON; a new one must be added above.</summary>
    private static IEnumerable<Route> RoutesThatSendBytes(string openApi)
    {
        using var document = JsonDocument.Parse(openApi);
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject().ToArray())
            foreach (var operation in path.Value.EnumerateObject())
            {
                if (!operation.Value.GetProperty("responses").TryGetProperty("200", out var ok)
                    || !ok.TryGetProperty("content", out var content)) continue;
                if (content.EnumerateObject().Any(type => !type.Name.EndsWith("json", StringComparison.Ordinal)))
                    yield return new(operation.Name.ToUpperInvariant(), Regex.Replace(path.Name, "{[^}]*}", "[^/?]+"));
            }
    }

    private sealed record Route(string Method, string Pattern)
    {
        public bool Matches(string request) => Regex.IsMatch(request, $@"^{Method} {Pattern}(\?|\n|$)");
    }

    private static byte[] Form(params (string Field, byte[] File)[] files) =>
    [
        .. files.SelectMany(part => (byte[])
        [
            .. Encoding.ASCII.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"{part.Field}\"; filename=\"x\"\r\n\r\n"),
            .. part.File, .. "\r\n"u8,
        ]),
        .. "--b--\r\n"u8,
    ];

    private async Task NobodyReadsAsync(RunningProgram running, string request, byte[]? body)
    {
        var clients = new List<Socket>();
        try
        {
            // POSTs share the memory for uploads: sent one after another, so that each is answered or gets 429.
            for (var i = 0; i < Clients; i++) clients.Add(await AskAsync(running.Http.BaseAddress!, request, body));
            var statuses = new List<string>();
            foreach (var client in clients) statuses.Add(await StatusAsync(client));
            output.WriteLine(
                $"{request}: {string.Join(", ", statuses.CountBy(s => s))}, resident {running.Process.Id.ResidentBytes() >> 20} MiB");
            Assert.All(statuses, status => Assert.True(status is "200" or "429", status));
            Assert.Contains("200", statuses);
            Assert.InRange(running.Process.Id.ResidentBytes(), 1, ResidentBytes);

            using var other =
                await running.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object), Patience);
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
            using var download = await running.Http.GetAsync("/v1/kernels/btf?kernel=" + Samples.NewKernel, Patience);
            Assert.Equal(HttpStatusCode.OK, download.StatusCode);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task<Socket> AskAsync(Uri service, string request, byte[]? body)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(service.Host, service.Port, Patience);
        var lines = request.Split('\n');
        var fields = string.Concat(lines[1..].Select(field => field + "\r\n"));
        await client.SendAsync(Encoding.ASCII.GetBytes(
            $"{lines[0]} HTTP/1.1\r\nHost: {service.Authority}\r\n{fields}Content-Length: {body?.Length ?? 0}\r\n\r\n"), Patience);
        if (body is not null) await new NetworkStream(client).WriteAsync(body, Patience);
        return client;
    }

    private static async Task<string> StatusAsync(Socket client)
    {
        var head = new byte["HTTP/1.1 200".Length];
        await new NetworkStream(client).ReadExactlyAsync(head, Patience);
        return Encoding.ASCII.GetString(head)[^3..];
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
