using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Uploads;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Load;

/// <summary>
/// An upload is refused while it is being sent, and most clients read the response only after they have sent the whole body. Kestrel alone
/// would close the connection 5 s after the response, so that the client sees a broken connection.
/// </summary>
public sealed class RefusedUploadTests : IDisposable
{
    private const int MiB = 1 << 20;
    private static readonly TimeSpan LongerThanKestrelWaits = TimeSpan.FromSeconds(7);

    private readonly ServiceHost _service = new(root: null, ("Limits:ObjectBytes", $"{2 * MiB}"), ("Limits:MemoryBytes", $"{10 * MiB}"),
        ("Limits:KernelUploadBytes", $"{2 * MiB}"), ("Limits:KernelFileBytes", $"{2 * MiB}"));

    [Fact]
    public async Task Client_that_takes_long_to_send_what_is_refused_sees_the_refusal()
    {
        var memory = _service.Services.GetRequiredService<MemoryBudget>();
        using var others = memory.Share(MemoryUse.Work).Take(8 * MiB);
        _service.Services.GetRequiredService<KernelFileSpace>().Take(MiB / 2 * 3);
        string[] routes = [$"/v1/relocations?kernel={Samples.NewKernel}", "/v1/kernels?distro=up&version=1&arch=x86_64&release=6.1"];
        await Task.WhenAll(routes.SelectMany(route => new[] { SendAsync(route, isChunked: false), SendAsync(route, isChunked: true) }));
    }

    private async Task SendAsync(string route, bool isChunked)
    {
        using var client = await RawConnection.OpenAsync(_service);
        var length = isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {MiB}";
        await client.SendAsync(
            Encoding.ASCII.GetBytes($"POST {route} HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n" + (isChunked ? $"{MiB:x}\r\n" : "")));
        await client.SendAsync(new byte[MiB / 4 * 3]);
        await Task.Delay(LongerThanKestrelWaits);
        await client.SendAsync(new byte[MiB / 4]);
        await client.SendAsync(Encoding.ASCII.GetBytes(
            (isChunked ? "\r\n0\r\n\r\n" : "") + "GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        var answers = await client.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 429", answers, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200", answers, StringComparison.Ordinal); // the same connection serves the next request
    }

    public void Dispose() => _service.Dispose();
}
