using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Uploads;
using Relo.Api.Kernels;

namespace Relo.Api.Ops;

/// <summary>What one connection may cost the server.</summary>
internal static class ServerLimits
{
    /// <summary>Sets Kestrel's limits and checks section <c>Limits</c> at start.</summary>
    public static void UseServerLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>().Bind(builder.Configuration.GetSection(LimitOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsCheck>();
        builder.Services.AddSingleton<BodyMemory>().AddSingleton<AnswerMemory>().AddSingleton<ReportMemory>().AddSingleton<ReportLimit>().AddSingleton<KernelFileSpace>().AddSingleton<KernelFileTurns>();
        // The host reads this while it is built, before settings are checked: what is no time is left to the check.
        if (TimeSpan.TryParse(builder.Configuration[$"{LimitOptions.Section}:{nameof(LimitOptions.ShutdownTime)}"], CultureInfo.InvariantCulture, out var wait))
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = wait);
        // RestartingService handles failures of ours; those of libraries do not end the process either.
        builder.Services.Configure<HostOptions>(host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitOptions>>((kestrel, limits) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = limits.Value.Connections > 0 ? limits.Value.Connections : ConnectionLimit.OfProcess();
            // For routes that take no body; those that do set their own limit before they read (RequestBody).
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            // A kernel may be named by the text of /proc/version, encoded: about 1 KiB. 16 KiB leaves room for cookies of a proxy.
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            // A client that sends one byte a second holds a connection and what it has sent so far.
            kestrel.Limits.MinRequestBodyDataRate = new(limits.Value.BodyBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
            // A client that does not read holds a piece of its answer.
            kestrel.Limits.MinResponseDataRate = new(limits.Value.BodyBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
            kestrel.Limits.RequestHeadersTimeout = limits.Value.HeaderTime;
            kestrel.Limits.KeepAliveTimeout = limits.Value.KeepAliveTime;
        });
    }
}
