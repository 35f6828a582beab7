using System.Collections.Concurrent;

namespace Relo.Api.Ops;

/// <summary>
/// One logger for each category. Serilog's factory creates a new one at each call, and the framework's results ask for one at each request.
/// </summary>
/// <param name="inner">Serilog's factory. It owns the sinks: disposing it writes the lines that are still queued.</param>
internal sealed class CachedLoggers(ILoggerFactory inner) : ILoggerFactory
{
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);

    /// <summary>Puts the cache around the factory that is registered.</summary>
    public static void Register(IServiceCollection services)
    {
        var own = services.Last(service => service.ServiceType == typeof(ILoggerFactory));
        services.Remove(own);
        services.AddSingleton<ILoggerFactory>(provider => new CachedLoggers((ILoggerFactory)own.ImplementationFactory!(provider)));
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, inner.CreateLogger);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();
}
