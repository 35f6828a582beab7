using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Relo.Api.Http.Hot;

/// <summary>
/// The server, with hot answers given as soon as it has read a request: what the framework does for each one (its context, trace, metrics, routing and a line in the
/// log) takes longer than such an answer. They are counted by <c>relo_hot_…</c>, and <see cref="HotAnswerLog"/> tells of them.
/// </summary>
internal sealed class HotServer(IServer server, HotAnswerMemory memory) : IServer
{
    /// <inheritdoc/>
    public IFeatureCollection Features => server.Features;

    /// <summary>Puts it before the server that is registered last.</summary>
    public static IServiceCollection Register(IServiceCollection services)
    {
        var real = services.Last(s => s.ServiceType == typeof(IServer)).ImplementationType!;
        return services.AddSingleton(real).AddSingleton<IServer>(s => new HotServer((IServer)s.GetRequiredService(real), s.GetRequiredService<HotAnswerMemory>()));
    }

    /// <inheritdoc/>
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
        => server.StartAsync(new Application<TContext>(application, memory), cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    /// <summary>Nothing: the real one is disposed of by who made it.</summary>
    public void Dispose()
    {
    }

    private sealed class Application<TService>(IHttpApplication<TService> service, HotAnswerMemory memory) : IHttpApplication<HotContext<TService>> where TService : notnull
    {
        public HotContext<TService> CreateContext(IFeatureCollection contextFeatures)
        {
            var context = HotContext<TService>.Of(contextFeatures, memory);
            if (context.Reply is null) context.Request = service.CreateContext(context);
            return context;
        }

        public Task ProcessRequestAsync(HotContext<TService> context)
            => context.Reply is { } reply ? context.SendAsync(reply) : service.ProcessRequestAsync(context.Request!);

        public void DisposeContext(HotContext<TService> context, Exception? exception)
        {
            if (context.Reply is null) service.DisposeContext(context.Request!, exception);
        }
    }
}
