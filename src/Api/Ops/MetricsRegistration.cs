using OpenTelemetry.Metrics;
using Relo.Api.Mediation;

namespace Relo.Api.Ops;

/// <summary>
/// What the service measures about itself, for Prometheus. Everything is recorded through the framework's own meters; OpenTelemetry only carries it
/// out, so that another way out needs no other measurements.
/// <code>curl http://localhost:8080/metrics</code>
/// </summary>
internal static class MetricsRegistration
{
    // Requests by route and status, connections, memory and garbage collection, and our own.
    private static readonly string[] Meters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", UseCaseMetrics.Meter];

    // From a look-up in memory to a relocation of a huge object.
    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Registers the measuring and the scraping.</summary>
    public static IServiceCollection AddServiceMetrics(this IServiceCollection services)
    {
        services.AddHostedService<StoreMetrics>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(Meters)
            .AddView("relo.use_case.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Seconds })
            // A value is a second old at most; without the bound a scrape by several would each walk through all of them.
            .AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 1000));
        return services;
    }
}
