using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Uploads;
using Relo.Api.Kernels;

namespace Relo.Api.Ops;

/// <summary>Kestrel's limits per connection.</summary>
internal static class ServerLimits
{
    private const int RequestBufferBytes = 128 * 1024;

    /// <summary>Sets Kestrel's limits and checks section <c>Limits</c> at start.</summary>
    public static void UseServerLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>().Bind(builder.Configuration.GetSection(LimitOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsCheck>();
        builder.Services.AddSingleton<MemoryBudget>().AddSingleton<AnswerMemory>().AddSingleton<ReportLimit>()
            .AddSingleton<KernelFileSpace>().AddSingleton<KernelFileTurns>();
        // The host reads this while it is built, before settings are checked; the check reports an invalid time.
        if (TimeSpan.TryParse(builder.Configuration[$"{LimitOptions.Section}:{nameof(LimitOptions.ShutdownTime)}"],
            CultureInfo.InvariantCulture, out var wait))
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = wait);
        // RestartingService handles failures of our services; failures of libraries' services do not end the process either.
        builder.Services.Configure<HostOptions>(
            host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitOptions>>((kestrel, limits) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = limits.Value.Connections > 0 ? limits.Value.Connections : ConnectionLimit.OfProcess();
            // For routes that take no body; those that do set their own limit before they read (RequestBody).
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            // Each connection may hold this much before it counts as an upload. Kestrel's own default is 1 MiB.
            kestrel.Limits.MaxRequestBufferSize = RequestBufferBytes;
            LimitHttp2(kestrel.Limits.Http2);
            // A query may contain the encoded text of /proc/version, about 1 KiB. 16 KiB leaves room for a proxy's cookies.
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            // A client that sends one byte a second occupies a connection and the memory of its partial body.
            kestrel.Limits.MinRequestBodyDataRate = new(limits.Value.BodyBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
            // A client that does not read occupies the memory of a piece of its response.
            kestrel.Limits.MinResponseDataRate = new(limits.Value.BodyBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
            kestrel.Limits.RequestHeadersTimeout = limits.Value.HeaderTime;
            kestrel.Limits.KeepAliveTimeout = limits.Value.KeepAliveTime;
        });
    }

    // All requests of a connection share what one HTTP/1.1 connection may hold. Kestrel's own defaults are 100 requests and 1 MiB.
    private static void LimitHttp2(Http2Limits http2)
    {
        http2.MaxStreamsPerConnection = ConnectionLimit.RequestsOfConnection;
        http2.InitialConnectionWindowSize = http2.InitialStreamWindowSize = RequestBufferBytes;
    }
}
