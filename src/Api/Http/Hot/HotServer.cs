using System.Buffers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Hot;

/// <summary>
/// The server, with hot answers given as soon as it has read a request: what the framework does for each one (its context, trace, metrics, routing and a line in the
/// log) takes longer than such an answer. They are counted by <c>relo_hot_…</c>, and <see cref="HotAnswerLog"/> tells of them.
/// </summary>
internal sealed class HotServer(IServer server, HotAnswerMemory memory, BodyMemory bodies) : IServer
{
    /// <inheritdoc/>
    public IFeatureCollection Features => server.Features;

    /// <summary>Puts it before the server that is registered last.</summary>
    public static IServiceCollection Register(IServiceCollection services)
    {
        var real = services.Last(s => s.ServiceType == typeof(IServer)).ImplementationType!;
        return services.AddSingleton(real).AddSingleton<IServer>(s => new HotServer((IServer)s.GetRequiredService(real), s.GetRequiredService<HotAnswerMemory>(), s.GetRequiredService<BodyMemory>()));
    }

    /// <inheritdoc/>
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
        => server.StartAsync(new Application<TContext>(application, memory, bodies), cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    /// <summary>Nothing: the real one is disposed of by who made it.</summary>
    public void Dispose()
    {
    }

    private sealed class Application<TService>(IHttpApplication<TService> service, HotAnswerMemory memory, BodyMemory bodies) : IHttpApplication<HotContext<TService>> where TService : notnull
    {
        public HotContext<TService> CreateContext(IFeatureCollection contextFeatures)
        {
            var context = HotContext<TService>.Of(contextFeatures, memory);
            if (context.Reply is null && !context.HasToSeeBody) context.Request = service.CreateContext(context);
            return context;
        }

        public Task ProcessRequestAsync(HotContext<TService> context)
        {
            if (context.HasToSeeBody) return SeeBodyAsync(context, context.GetRequiredFeature<IHttpRequestFeature>());
            return context.Reply is { } reply ? context.SendAsync(reply) : service.ProcessRequestAsync(context.Request!);
        }

        public void DisposeContext(HotContext<TService> context, Exception? exception)
        {
            if (context.Request is not null) service.DisposeContext(context.Request, exception);
            else if (exception is null && context.Reply is { IsNotModified: true, Source: { } answer } && HotHeads.IsWhole(context.GetRequiredFeature<IHttpRequestFeature>())) context.Get<HotConnection>()?.HasAnswered(answer);
        }

        private async Task SeeBodyAsync(HotContext<TService> context, IHttpRequestFeature request)
        {
            var length = (int)request.Headers.ContentLength!.Value;
            if (!bodies.TryTake(length))
            {
                await LetServiceAnswerAsync(context);
                return;
            }

            var body = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                if (await IsReadAsync(request.Body, body.AsMemory(0, length)))
                {
                    if (memory.Find(request, Digest.Of(body.AsSpan(0, length))) is { } reply)
                    {
                        await context.SendAsync(reply);
                        return;
                    }

                    request.Body = new MemoryStream(body, 0, length, writable: false);
                }

                await LetServiceAnswerAsync(context);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(body);
                bodies.GiveBack(length);
            }
        }

        private Task LetServiceAnswerAsync(HotContext<TService> context)
        {
            context.Request = service.CreateContext(context);
            return service.ProcessRequestAsync(context.Request);
        }

        // A body that fails fails again, in the same way, when the service reads it, which then says so to the client.
        private static async Task<bool> IsReadAsync(Stream from, Memory<byte> to)
        {
            try
            {
                await from.ReadExactlyAsync(to);
                return true;
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                return false;
            }
        }
    }
}
