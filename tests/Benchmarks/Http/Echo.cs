using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Relo.Benchmarks.Http;

/// <summary>Bare Kestrel: reads the whole body and sends it back. In a separate process, as the service is.</summary>
internal sealed class Echo : IDisposable
{
    private readonly Process _process;

    private Echo(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Its address.</summary>
    public Uri Address { get; }

    /// <summary>The entry point of the process: <c>echo PORT</c>.</summary>
    public static async Task ServeAsync(IReadOnlyList<string> arguments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{arguments[0]}");
        var app = builder.Build();
        app.MapGet("/", () => "ready");
        app.MapPost("/", async http =>
        {
            var length = (int)http.Request.ContentLength!.Value;
            var body = new byte[length];
            await http.Request.Body.ReadExactlyAsync(body);
            http.Response.ContentLength = length;
            http.Response.ContentType = "application/octet-stream";
            await http.Response.BodyWriter.WriteAsync(body);
        });
        await app.RunAsync();
    }

    /// <summary>Starts it and waits until it responds.</summary>
    public static async Task<Echo> StartAsync()
    {
        var port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        var process =
            Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Relo.Benchmarks.dll"), "echo", port]))!;
        var echo = new Echo(process, new Uri($"http://127.0.0.1:{port}"));
        using var client = new HttpClient();
        while (true)
        {
            try
            {
                await client.GetStringAsync(echo.Address);
                return echo;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
