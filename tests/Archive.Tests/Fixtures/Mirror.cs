using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relo.Archive.Export;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>A mirror in BTFHub's layout on a real port, with every fault that a mirror may have.</summary>
internal sealed class Mirror : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private Mirror(WebApplication app) => _app = app;

    /// <summary>Every requested path, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public string Url => _app.Urls.Single() + "/archive/main/";

    public static async Task<Mirror> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MinResponseDataRate = null);
        var app = builder.Build();
        var mirror = new Mirror(app);
        app.Run(mirror.AnswerAsync);
        await app.StartAsync();
        return mirror;
    }

    /// <summary>Stores a kernel as BTFHub does.</summary>
    public void File(string id, byte[] btf, string? nameInside = null) =>
        Send(id, BtfTarball.Write(nameInside ?? id[(id.LastIndexOf('/') + 1)..], btf));

    public void Send(string id, byte[] bytes) => On(id, async http =>
    {
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    });

    public void On(string id, RequestDelegate answer) => _answers[$"/archive/main/{id}{BtfTarball.Suffix}"] = answer;

    private Task AnswerAsync(HttpContext http)
    {
        Asked.Enqueue(http.Request.Path);
        if (_answers.TryGetValue(http.Request.Path, out var answer)) return answer(http);
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
