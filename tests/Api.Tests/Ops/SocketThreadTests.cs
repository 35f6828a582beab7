using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Ops;

/// <summary>
/// The threads that wait for sockets answer what is known to the byte; the service must never run on them, since it may take long. Whether they go on by themselves
/// is a matter of the process, so these run in a process of their own where they do.
/// </summary>
public sealed class SocketThreadTests
{
    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const int BodyBytes = 8 << 20; // more than all buffers on the way

    [Fact]
    public async Task Service_runs_on_threads_of_the_pool_whatever_it_waited_for()
    {
        if (await IsDoneByChildAsync(nameof(Service_runs_on_threads_of_the_pool_whatever_it_waited_for))) return;
        await Task.Run(ObserveServiceAsync); // away from the threads of the tests
    }

    [Fact]
    public async Task What_is_fetched_from_the_upstream_is_gone_on_with_on_a_thread_of_the_pool()
    {
        if (await IsDoneByChildAsync(nameof(What_is_fetched_from_the_upstream_is_gone_on_with_on_a_thread_of_the_pool))) return;
        await Task.Run(FetchAsync);
    }

    private static async Task ObserveServiceAsync()
    {
        using var service = new Observed();
        Assert.Equal("socket", await ThreadOfSocketAsync(service));
        using var connection = await RawConnection.OpenAsync(service);
        for (var turn = 0; turn < 3; turn++)
        {
            await connection.SendAsync(Encoding.ASCII.GetBytes($"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {BodyBytes}\r\n\r\n"));
            for (var sent = 0; sent < BodyBytes; sent += 1 << 20) await connection.SendAsync(new byte[1 << 20]);
            Assert.Contains("Content-Length", await connection.ReadHeadAsync(), StringComparison.Ordinal);
            await connection.ReadAsync(BodyBytes);
        }

        Assert.All(service.Threads, thread => Assert.Equal("pool", thread));
        Assert.InRange(service.Threads.Count, 3 * 3, int.MaxValue);
    }

    private static async Task FetchAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var service = new ServiceHost(root: null);
        using var client = service.Services.GetRequiredService<IHttpClientFactory>().CreateClient("upstream");
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/a.btf.tar.xz");
        for (var turn = 0; turn < 20; turn++) // whether the client waits for a piece, or it is there already, is a matter of luck
        {
            var asking = client.GetAsync(address);
            var thread = asking.ContinueWith(_ => ThreadNow(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            using (var mirror = await listener.AcceptTcpClientAsync())
            {
                await mirror.GetStream().ReadAtLeastAsync(new byte[10_000], 20);
                foreach (var piece in new[] { "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "ab", "cd" }) await mirror.GetStream().WriteAsync(Encoding.ASCII.GetBytes(piece));
            }

            Assert.Equal("pool", await thread);
            Assert.Equal("abcd", await (await asking).Content.ReadAsStringAsync());
        }
    }

    private static string ThreadNow() => Thread.CurrentThread.IsThreadPoolThread ? "pool" : "socket";

    // That the switch works at all: an ordinary client goes on on the thread that waited.
    private static async Task<string> ThreadOfSocketAsync(ServiceHost service)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(service.Http.BaseAddress!.Host, service.Http.BaseAddress.Port);
        var reading = socket.ReceiveAsync(new byte[1]).ContinueWith(_ => ThreadNow(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await Task.Yield();
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"));
        return await reading;
    }

    private static async Task<bool> IsDoneByChildAsync(string method)
    {
        if (Environment.GetEnvironmentVariable(Switch) == "1") return false;
        var start = new ProcessStartInfo("dotnet", [typeof(SocketThreadTests).Assembly.Location, "-method", $"{typeof(SocketThreadTests).FullName}.{method}"]) { RedirectStandardOutput = true };
        start.Environment[Switch] = "1";
        using var child = Process.Start(start)!;
        var said = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0 && said.Contains("Total: 1,", StringComparison.Ordinal), said);
        return true;
    }

    private sealed class Observed() : ServiceHost(root: null)
    {
        public ConcurrentQueue<string> Threads { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(new Echo(Threads)));
        }
    }

    // Tells on which thread it is after each time it waited: for the request, for pieces of its body, for a client that does not read yet.
    private sealed class Echo(ConcurrentQueue<string> threads) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Map("/echo", echo => echo.Run(EchoAsync));
            next(app);
        };

        private async Task EchoAsync(HttpContext http)
        {
            threads.Enqueue(ThreadNow());
            http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = BodyBytes;
            var body = new byte[BodyBytes];
            for (var read = 0; read < BodyBytes;)
            {
                read += await http.Request.Body.ReadAsync(body.AsMemory(read));
                threads.Enqueue(ThreadNow());
            }

            http.Response.ContentLength = BodyBytes;
            await http.Response.Body.WriteAsync(body);
            threads.Enqueue(ThreadNow());
        }
    }
}
