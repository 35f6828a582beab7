using System.Diagnostics;
using System.Net;
using Relo.Benchmarks;

namespace Relo.SystemTests.Sources;

/// <summary>The debuginfod of elfutils, which serves a folder and knows no other server.</summary>
internal sealed class DebuginfodServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task _drained;

    private DebuginfodServer(Process process, int port)
    {
        (_process, Url) = (process, $"http://127.0.0.1:{port}");
        _drained = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    public string Url { get; }

    /// <summary>Starts it and waits until it knows one of the files.</summary>
    /// <param name="folder">Its ELF files and packages.</param>
    /// <param name="known">A build-id in it.</param>
    public static async Task<DebuginfodServer> StartAsync(string folder, string known)
    {
        var port = Ports.Free();
        var start = new ProcessStartInfo(
            "/usr/bin/debuginfod", ["-F", "-U", "-p", $"{port}", "-d", ":memory:", "--disable-source-scan", folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("DEBUGINFOD_URLS");
        var server = new DebuginfodServer(Process.Start(start)!, port);
        await server.UntilKnownAsync(known);
        return server;
    }

    private async Task UntilKnownAsync(string buildId)
    {
        using var http = new HttpClient { Timeout = Patience };
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Assert.False(_process.HasExited, "debuginfod ended by itself");
            try
            {
                using var answer = await http.GetAsync(new Uri($"{Url}/buildid/{buildId}/section/.text"), patience.Token);
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }

            await Task.Delay(100, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _drained;
        _process.Dispose();
    }
}
