using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Relo.Api.Mediation;

namespace Relo.Api.Ops;

/// <summary>
/// What the service measures about itself. Everything is recorded through the framework's own meters and activities; OpenTelemetry only carries it out: metrics to
/// whoever scrapes them, and where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector, metrics and traces to it.
/// <code>curl http://localhost:8080/metrics</code>
/// </summary>
internal static class Telemetry
{
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Name = "relo";

    // Requests by route and status, connections, refused requests, memory and garbage collection, and our own.
    private static readonly string[] Meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime", UseCaseMetrics.Meter];

    // What is asked every few seconds by machines.
    private static readonly PathString[] Unremarkable = ["/healthz", "/metrics", "/monitoring"];

    // From a look-up in memory to a relocation of a huge object.
    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Registers the measuring, the scraping and, where it is wanted, the sending.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHostedService<StoreMetrics>();
        var telemetry = services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
            .ConfigureResource(resource => resource.AddService(Name, serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3)).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter(Meters)
                .AddView("relo.use_case.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Seconds })
                // A value is a second old at most; without the bound a scrape by several would each walk through all of them.
                .AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 1000));
        if (string.IsNullOrWhiteSpace(configuration[Collector])) return services;

        telemetry.WithTracing(traces => traces
            .AddAspNetCoreInstrumentation(requests => requests.Filter = http => !Array.Exists(Unremarkable, path => http.Request.Path.StartsWithSegments(path)))
            .AddSource(UseCaseTraces.Name, "System.Net.Http")); // the latter: what the upstream is asked
        telemetry.UseOtlpExporter();
        return services;
    }
}
