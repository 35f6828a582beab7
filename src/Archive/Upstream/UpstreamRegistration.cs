using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Telemetry;

namespace Relo.Archive.Upstream;

/// <summary>Configures the upstream's HTTP client: limits, retries and the circuit breaker for a failing mirror.</summary>
internal static class UpstreamRegistration
{
    private const int Retries = 2;
    private const int MostConnections = 4;
    private const int MostWaiting = 64;

    // Polly takes a failure ratio over a period: two requests of which half fail.
    private const int FewestRequests = 2;
    private const double FailureRatio = 0.5;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Connections = TimeSpan.FromMinutes(5); // then DNS is resolved again

    public static IServiceCollection AddUpstream(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<UpstreamOptions>().Bind(configuration.GetSection(UpstreamOptions.Section)).ValidateOnStart()
            .Validate(
                o => o.AddressFault() is null, "Archive:Upstream:BaseUrl must be an http or https address without '?' and '#', or empty")
            .Validate(
                o => o.Timeout > TimeSpan.Zero && o.Timeout <= TimeSpan.FromHours(1),
                "Archive:Upstream:Timeout must be greater than 0 and at most an hour")
            .Validate(o => o.ConnectTimeout > TimeSpan.Zero, "Archive:Upstream:ConnectTimeout must be greater than 0")
            .Validate(o => o.FileBytes is > 0 and <= int.MaxValue, "Archive:Upstream:FileBytes must be between 1 and 2147483647")
            .Validate(o => o.RememberMisses >= TimeSpan.Zero, "Archive:Upstream:RememberMisses must not be negative")
            .Validate(
                o => o.Pause >= TimeSpan.FromSeconds(0.5) && o.Pause <= TimeSpan.FromDays(1),
                "Archive:Upstream:Pause must be between half a second and a day");
        var client = services.AddHttpClient(UpstreamClient.Name, (provider, http) =>
        {
            http.BaseAddress = Options(provider).Root;
            http.Timeout = Timeout.InfiniteTimeSpan; // the pipeline below sets the limits
            http.DefaultRequestHeaders.UserAgent.ParseAdd("relo/1.0");
        });
        client.ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxResponseDrainSize = 0, // closes the connection instead of reading unwanted data
            ConnectTimeout = Options(provider).ConnectTimeout,
            MaxConnectionsPerServer = MostConnections,
            PooledConnectionLifetime = Connections,
        });
        client.RemoveAllLoggers(); // the caller logs the outcome in one line
        client.AddResilienceHandler("upstream", (pipeline, context) => Configure(pipeline, Options(context.ServiceProvider)));
        client.AddHttpMessageHandler(provider => new WholeBody(Options(provider).FileBytes));
        // UpstreamKernels logs the result once; Polly would log each attempt with its stack trace.
        services.Configure<TelemetryOptions>(telemetry => telemetry.SeverityProvider = _ => ResilienceEventSeverity.Debug);
        return services.AddSingleton<UpstreamClient>().AddSingleton<UpstreamKernels>().AddSingleton<UpstreamRestore>();
    }

    // From the outside in: requests wait for their turn before the timer starts, so that our own queue never counts as the upstream's
    // failure. The breaker judges complete downloads, and the time limit covers one download with its retries.
    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, UpstreamOptions options) => pipeline
        .AddConcurrencyLimiter(MostConnections, MostWaiting)
        .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
        {
            ShouldHandle = args => ValueTask.FromResult(UpstreamClient.IsTrouble(args.Outcome)),
            MinimumThroughput = FewestRequests,
            FailureRatio = FailureRatio,
            SamplingDuration = options.Pause,
            BreakDuration = options.Pause,
        })
        .AddTimeout(options.Timeout)
        .AddRetry(new HttpRetryStrategyOptions
        {
            ShouldHandle = args => ValueTask.FromResult(UpstreamClient.IsPassing(args.Outcome)),
            MaxRetryAttempts = Retries,
            Delay = RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldRetryAfterHeader = false, // a mirror must not decide how long our callers wait
        });

    private static UpstreamOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<UpstreamOptions>>().Value;
}
