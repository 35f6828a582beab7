using System.Globalization;
using System.Net.Http.Headers;

namespace Relo.Benchmarks.Load.Soak;

/// <summary>Requests of hostile clients: slow readers, processor and memory hogs, large reports.</summary>
internal static class HostileTraffic
{
    private const int MostRecords = 1 << 18;
    private const int SlowReaders = 150, LargePosts = 12;
    private const string Nested = "soak/1/x86_64/nested";

    private const int CurlExpectsAbove = 1 << 20;
    private const string Any = "*/*";

    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(20);

    /// <summary>Adds the kernels that it needs, copies of the running one.</summary>
    /// <param name="service">The service.</param>
    /// <param name="kernel">BTF of the running kernel, or of any.</param>
    /// <param name="kernels">How many copies.</param>
    /// <param name="paddingBytes">By how much the large objects are larger than their records.</param>
    public static async Task<IReadOnlyList<HostileKind>> PrepareAsync(ServiceProcess service, byte[] kernel, int kernels, int paddingBytes)
    {
        var (nest, nestedKernel) = HostileObjects.Nested();
        await service.AddKernelAsync(Nested, nestedKernel);
        var ids = Enumerable.Range(0, kernels).Select(i => string.Create(CultureInfo.InvariantCulture, $"soak/1/x86_64/1.{i}")).ToArray();
        for (var i = 0; i < kernels; i++) await service.AddKernelAsync(ids[i], MadeUpBtf.WithName(kernel, ids[i]));

        byte[] large = [.. HostileObjects.ManyRecords(MostRecords, "pid", "tgid"), .. new byte[paddingBytes]];
        var poisoned = HostileObjects.ManyRecords(MostRecords / 4, "pid", "no_such_field");
        var (underscores, matches) = (HostileObjects.Underscores(), HostileObjects.MatchesOf(kernel));
        return
        [
            new("slow reader", SlowReaders,
                (_, n, stop) => SlowReader.AskAsync(service.Address, $"/v1/kernels/btf?kernel={Kernel(n)}", Hold, stop)),
            new("large object", LargePosts,
                (client, n, stop) => PostAsync(client, $"/v1/relocations?kernel={Kernel(n)}", Another(large, n), stop)),
            new("large object, report in parts", 2,
                (client, n, stop) =>
                    PostAsync(
                        client, $"/v1/relocations?kernel={Kernel(n)}&fields=relocations&relocationsLimit=1000", Another(large, n), stop)),
            new("large object, patched", 2,
                (client, n, stop) =>
                    PostAsync(client, $"/v1/relocations?kernel={Kernel(n)}", Another(large, n), stop, "application/octet-stream")),
            new("many poisoned records", 1,
                (client, n, stop) => PostAsync(client, $"/v1/relocations?kernel={Kernel(n)}", Another(poisoned, n), stop)),
            new("large object, many kernels", 1,
                (client, n, stop) => PostAsync(client, "/v1/compatibility?distro=soak", Another(large, n), stop)),
            new("many poisoned, many kernels, SARIF", 1,
                (client, n, stop) =>
                    PostAsync(client, "/v1/compatibility?distro=soak", Another(poisoned, n), stop, "application/sarif+json")),
            new("nested functions", 2, (client, n, stop) => PostAsync(client, $"/v1/relocations?kernel={Nested}", Another(nest, n), stop)),
            new("names of underscores", 1,
                (client, n, stop) => PostAsync(client, $"/v1/relocations?kernel={Kernel(n)}", Another(underscores, n), stop)),
            new("matches of the kernel's types", 1,
                (client, n, stop) => PostAsync(client, $"/v1/relocations?kernel={ids[0]}", Another(matches, n), stop)),
            new("minimal BTF of many", 1,
                (client, n, stop) => PostAsync(client, "/v1/minimal-btf?distro=soak", Another(Traffic.Object, n), stop, Any)),
            new("bundle of many", 1,
                (client, n, stop) => PostAsync(client, "/v1/bundles?distro=soak", Another(large, n), stop, Any), IsMadeWhileSent: true),
            new("packing", 2,
                (client, n, stop) =>
                    GetAsync(client,
                        $"/api/v1/download?distribution=soak&distribution_version=1&arch=x86_64&kernel_version={Kernel(n).Split('/')[^1]}",
                        stop)),
        ];

        string Kernel(long n) => ids[n % ids.Length];
    }

    // Bytes behind the end of an object mean nothing and make it another.
    private static byte[] Another(byte[] file, long number) => [.. file, .. BitConverter.GetBytes(number)];

    private static async Task<int?> PostAsync(
        HttpClient client, string address, byte[] body, CancellationToken stop, string accept = "application/json")
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, new Uri(address, UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Headers.ExpectContinue = body.Length > CurlExpectsAbove;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return await StatusAsync(client, request, stop);
    }

    private static async Task<int?> GetAsync(HttpClient client, string address, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        return await StatusAsync(client, request, stop);
    }

    // The body is read and dropped; a fault of the service is shown.
    private static async Task<int?> StatusAsync(HttpClient client, HttpRequestMessage request, CancellationToken stop)
    {
        var hasBegun = false;
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            hasBegun = true;
            if ((int)answer.StatusCode >= 500)
                await Console.Error.WriteLineAsync($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
            else
                await answer.Content.CopyToAsync(Stream.Null, stop);
            return (int)answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return hasBegun ? HostileKind.CutOff : null;
        }
    }
}
