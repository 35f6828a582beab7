using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Relo.Api.Access;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Limits;

/// <summary>
/// Limits requests per minute for each caller: by its key, or by its address without a known key. The window slides, so a caller cannot
/// send twice the limit around the end of a minute. Without a setting nothing is counted.
/// </summary>
internal static class RateLimits
{
    // The minute slides in steps of ten seconds.
    private const int Segments = 6;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Registers the framework's limiter with the limits of section <c>Limits</c>.</summary>
    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>, KeyRing>((limiter, limits, keys) =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => PartitionOf(http, limits.Value, keys));
            limiter.OnRejected = (context, _) => new ValueTask(ProblemOf(context).ExecuteAsync(context.HttpContext));
        });
        return services.AddRateLimiter(_ => { });
    }

    /// <summary>Adds it to the pipeline if a limit is set.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<LimitOptions>>().Value.CountsRequests) app.UseRateLimiter();
    }

    private static RateLimitPartition<string> PartitionOf(HttpContext http, LimitOptions limits, KeyRing keys)
    {
        var caller = Caller.Of(http, keys);
        return Of(caller.Name, caller.HasKey ? limits.RequestsPerMinutePerKey : limits.RequestsPerMinutePerAddress);
    }

    private static RateLimitPartition<string> Of(string caller, int perMinute) => perMinute == 0
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetSlidingWindowLimiter(
            caller, _ => new SlidingWindowRateLimiterOptions { PermitLimit = perMinute, Window = Window, SegmentsPerWindow = Segments });

    private static Problem ProblemOf(OnRejectedContext context)
    {
        var after = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window / Segments;
        return Problem.TooManyRequests("this key or address has reached its limit of requests per minute", after);
    }
}
