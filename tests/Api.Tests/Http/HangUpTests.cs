using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Opened;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Http;

/// <summary>Clients that disconnect during a request: the request ends, and nothing of it remains.</summary>
public sealed class HangUpTests
{
    private static readonly string[] TemporaryFolders = ["blobs/btf/.tmp", "blobs/objects/.tmp", "uploads", "scratch"];

    [Theory]
    [InlineData("/v1/kernels", "?distro=a&version=1&arch=x86_64&release=1.0")]
    [InlineData("/v1/relocations", "?kernel=" + Samples.NewKernel)]
    [InlineData("/v1/objects", "?name=half")]
    public async Task Half_an_upload_leaves_nothing_and_takes_nobodys_turn(string path, string query)
    {
        using var service = new ServiceHost(root: null, ("Limits:Relocations", "1"));
        const int hangUps = 8; // more than there are turns
        for (var i = 0; i < hangUps; i++)
        {
            using var connection = await RawConnection.OpenAsync(service);
            await connection.SendAsync(Encoding.ASCII.GetBytes(
                $"POST {path}{query} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000\r\nExpect: 100-continue\r\n\r\n"));
            await connection.ReadAsync("HTTP/1.1 100 Continue\r\n\r\n".Length); // it reads the body now
            await connection.SendAsync(new byte[100_000]);
            connection.HangUp();
        }

        await UntilAsync(() => service.Log.Requests(path).Count == hangUps);
        foreach (var folder in TemporaryFolders.Select(f => Path.Combine(service.Root, f)).Where(Directory.Exists))
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        Assert.Empty((await (await service.Http.GetAsync("/v1/objects")).JsonAsync())["items"]!.AsArray());
        var body = path == "/v1/kernels" ? Samples.NewBtf : Samples.Object;
        Assert.True((await service.Http.PostAsync(path + query, Answers.Body(body))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Download_that_nobody_takes_any_more_gives_its_kernel_back()
    {
        using var service = new ServiceHost(root: null, ("Cache:Bytes", "0"));
        var btf = MadeUpBtf.Of("large", 16 << 20); // more than all buffers on the way
        (await service.Http.PostAsync("/v1/kernels?distro=a&version=1&arch=x86_64&release=1.0", Answers.Body(btf)))
            .EnsureSuccessStatusCode();
        var cache = service.Services.GetRequiredService<BtfCache>();
        using (var connection = await RawConnection.OpenAsync(service))
        {
            await connection.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/btf/{Digest.Of(btf).Hex} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            await connection.ReadAsync(1000);
            Assert.NotEqual(0, cache.BytesOpen); // it is being sent
            connection.HangUp();
        }

        await UntilAsync(() => cache.BytesOpen == 0);
        Assert.Equal(btf, await service.Http.GetByteArrayAsync($"/v1/btf/{Digest.Of(btf).Hex}"));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!isSo()) await Task.Delay(20, patience.Token);
    }
}
