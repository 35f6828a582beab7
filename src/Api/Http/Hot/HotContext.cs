using System.Collections;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Relo.Api.Http.Hot;

/// <summary>
/// A request on its way to the service: the server's features, and what the service keeps for the next request of the same connection. The server keeps this one
/// with the connection in the same way.
/// </summary>
/// <typeparam name="TService">What the service makes of a request.</typeparam>
internal sealed class HotContext<TService> : IFeatureCollection, IHostContextContainer<TService> where TService : notnull
{
    private IFeatureCollection _server = new FeatureCollection();

    /// <summary>What the service keeps.</summary>
    public TService? HostContext { get; set; }

    /// <summary>The request as the service sees it, where it does.</summary>
    public TService? Request { get; set; }

    /// <summary>What it is answered with before the service sees it.</summary>
    public HotReply? Reply { get; private set; }

    /// <summary>Whether that hangs on its body, which must be read first.</summary>
    public bool HasToSeeBody { get; private set; }

    /// <inheritdoc/>
    public bool IsReadOnly => _server.IsReadOnly;

    /// <inheritdoc/>
    public int Revision => _server.Revision;

    /// <inheritdoc/>
    public object? this[Type key]
    {
        get => _server[key];
        set => _server[key] = value;
    }

    /// <summary>Of a request, with what there is to answer it.</summary>
    public static HotContext<TService> Of(IFeatureCollection server, HotAnswerMemory memory)
    {
        var context = server is IHostContextContainer<HotContext<TService>> connection ? connection.HostContext ??= new() : new();
        var request = server.GetRequiredFeature<IHttpRequestFeature>();
        context._server = server;
        context.Request = default;
        context.Reply = memory.Find(request);
        context.HasToSeeBody = context.Reply is null && memory.HasToSeeBody(request);
        return context;
    }

    /// <summary>Sends the reply.</summary>
    public Task SendAsync(HotReply reply) => reply.SendAsync(_server);

    /// <inheritdoc/>
    public TFeature? Get<TFeature>() => _server.Get<TFeature>();

    /// <inheritdoc/>
    public void Set<TFeature>(TFeature? instance) => _server.Set(instance);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _server.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
