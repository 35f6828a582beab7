using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Limits;

/// <summary>
/// Limits the time of a request. After it the framework cancels <c>RequestAborted</c>, which every step down to the relocation observes,
/// and the client gets a problem.
/// </summary>
internal static class RequestTimes
{
    private const string Long = "long";

    /// <summary>Registers the framework's time limits with those of section <c>Limits</c>.</summary>
    public static IServiceCollection AddRequestTimes(this IServiceCollection services)
    {
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<LimitOptions>>((times, limits) =>
        {
            times.DefaultPolicy = Of(limits.Value.RequestTime, nameof(LimitOptions.RequestTime));
            times.AddPolicy(Long, Of(limits.Value.LongRequestTime, nameof(LimitOptions.LongRequestTime)));
        });
        return services.AddRequestTimeouts(_ => { });
    }

    /// <summary>Marks a route that takes large files or queries many kernels.</summary>
    public static RouteHandlerBuilder MayTakeLong(this RouteHandlerBuilder route) => route.WithMetadata(new RequestTimeoutAttribute(Long));

    /// <summary>Whether the route of this request still computes while it sends its response.</summary>
    public static bool IncludesAnswer(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<RequestTimeoutAttribute>()?.PolicyName == Long;

    private static RequestTimeoutPolicy Of(TimeSpan time, string setting) => new()
    {
        Timeout = time,
        WriteTimeoutResponse = http =>
        {
            http.RequestAborted = CancellationToken.None; // the cancelled token would prevent writing the problem
            return Problem.TimeExceeded($"{http.Request.Method} {http.Request.Path}", time, setting).ExecuteAsync(http);
        },
    };
}
