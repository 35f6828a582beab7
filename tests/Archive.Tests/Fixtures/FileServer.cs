using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>A web server on a real port, with any answer for any path.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private FileServer(WebApplication app) => _app = app;

    /// <summary>Every requested path with its query, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public string Url => _app.Urls.Single();

    public int Port => new Uri(Url).Port;

    public static async Task<FileServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MinResponseDataRate = null);
        var server = new FileServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public void Send(string path, byte[] bytes, DateTimeOffset? modifiedAt = null) => On(path, async http =>
    {
        http.Response.ContentLength = bytes.Length;
        if (modifiedAt is { } at) http.Response.GetTypedHeaders().LastModified = at;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    });

    /// <summary>Sends the files of a folder as they are now.</summary>
    public void SendFolder(string path, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            Send($"{path}/{Path.GetRelativePath(folder, file)}", File.ReadAllBytes(file));
    }

    public void Redirect(string path, string to) => On(path, http =>
    {
        http.Response.StatusCode = StatusCodes.Status302Found;
        http.Response.Headers.Location = to;
        return Task.CompletedTask;
    });

    /// <summary>Sends bytes for ever.</summary>
    public void Flood(string path) => On(path, async http =>
    {
        var piece = new byte[64 << 10];
        while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(piece, http.RequestAborted);
    });

    public void On(string path, RequestDelegate answer) => _answers[path] = answer;

    private Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path + http.Request.QueryString;
        Asked.Enqueue(path);
        if (_answers.TryGetValue(path, out var answer) || _answers.TryGetValue(http.Request.Path, out answer)) return answer(http);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync(); // answers that hang on purpose would keep it waiting
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
