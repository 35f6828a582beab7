using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Relo.Api.Mediation;

namespace Relo.Api.Ops;

/// <summary>
/// Exports metrics and traces. The service records everything through the framework's meters and activities; OpenTelemetry only exports
/// it: metrics to scrapers, and if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector, metrics and traces to it.
/// <code>curl http://localhost:8080/metrics</code>
/// </summary>
internal static class Telemetry
{
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Name = "relo";
    private const string Requests = "Microsoft.AspNetCore.Hosting";
    private const string UseCaseDuration = "relo.use_case.duration";

    // Requests by route and status, connections, refused requests, memory and garbage collection, and our own meter.
    private static readonly string[] Meters =
        [Requests, "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime",
            UseCaseMetrics.Meter];

    // Machines poll these every few seconds.
    private static readonly PathString[] Unremarkable = ["/healthz", "/metrics", "/monitoring"];

    // The maximum number of tag combinations per metric, whose memory is reserved. Requests have the most: route, status and protocol.
    private const int MostOfRequests = 1000, MostOfOthers = 100;

    // From a cache hit to the relocation of a huge object.
    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Registers the meters, the scrape endpoint and, if configured, the export to a collector.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHostedService<StoreMetrics>();
        var telemetry = services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override this.
            .ConfigureResource(resource => resource.AddService(
                Name, serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3)).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter(Meters)
                .AddView(View)
                // Scrapes within a second share one collection, so several scrapers do not multiply the work.
                .AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 1000));
        if (string.IsNullOrWhiteSpace(configuration[Collector])) return services;

        telemetry.WithTracing(traces => traces
            .AddAspNetCoreInstrumentation(requests => requests.Filter = http =>
                !Array.Exists(Unremarkable, path => http.Request.Path.StartsWithSegments(path)))
            .AddSource(UseCaseTraces.Name, "System.Net.Http")); // the latter: requests to the upstream
        telemetry.UseOtlpExporter();
        return services;
    }

    private static MetricStreamConfiguration View(Instrument instrument) => instrument.Name == UseCaseDuration
        ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds, CardinalityLimit = MostOfRequests }
        : new() { CardinalityLimit = instrument.Meter.Name == Requests ? MostOfRequests : MostOfOthers };
}
