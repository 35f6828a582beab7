using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Ops;

/// <summary>The data that a collector at <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> receives, in both protocols.</summary>
public sealed class CollectorTests
{
    [Theory]
    [InlineData("http/protobuf", "/v1/traces", "/v1/metrics")]
    [InlineData("grpc", "/opentelemetry.proto.collector.trace.v1.TraceService/Export", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")]
    public async Task Collector_gets_traces_of_use_cases_and_metrics(string protocol, string traces, string metrics)
    {
        await using var collector = await Collector.StartAsync(isHttp2: protocol == "grpc");
        string traceId;
        using (var service =
            new ServiceHost(root: null, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "100")))
        {
            await service.Http.GetAsync("/healthz/ready");
            traceId = (string)(await (await service.Http.PostAsync("/v1/relocations?kernel=1.0", Answers.Body(Samples.Object)))
                .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found"))["traceId"]!;
            await collector.UntilAsync(traces, "Relocate");
            await collector.UntilAsync(metrics, "relo.use_case.duration");
        }

        var spans = collector.Of(traces);
        Assert.Contains("relo.outcome", spans, StringComparison.Ordinal);
        Assert.Contains("KernelMissing", spans, StringComparison.Ordinal);
        Assert.Contains("POST /v1/relocations", spans, StringComparison.Ordinal);
        Assert.Contains("service.name", spans, StringComparison.Ordinal);
        // the one in the caller's response
        Assert.Contains(Encoding.Latin1.GetString(Convert.FromHexString(traceId)), spans, StringComparison.Ordinal);
        Assert.DoesNotContain("GET /healthz", spans, StringComparison.Ordinal);
    }

    /// <summary>A collector that stores what it receives, to be searched as text: protobuf contains names unencoded.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, string Body)> _received = new();

        public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        public static async Task<Collector> StartAsync(bool isHttp2)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
                IPAddress.Loopback, 0, listen => listen.Protocols = isHttp2 ? HttpProtocols.Http2 : HttpProtocols.Http1));
            var app = builder.Build();
            var collector = new Collector(app);
            app.Run(collector.ReceiveAsync);
            await app.StartAsync(TestContext.Current.CancellationToken);
            return collector;
        }

        public string Of(string path) => string.Concat(_received.Where(r => r.Path == path).Select(r => r.Body));

        public async Task UntilAsync(string path, string word)
        {
            while (!Of(path).Contains(word, StringComparison.Ordinal)) await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task ReceiveAsync(HttpContext http)
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            _received.Enqueue((http.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            http.Response.ContentType = http.Request.ContentType;
            if (http.Request.ContentType != "application/grpc") return;
            await http.Response.Body.WriteAsync(new byte[5]); // a message of no bytes
            http.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
