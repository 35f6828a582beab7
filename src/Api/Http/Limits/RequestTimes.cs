using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Limits;

/// <summary>How long a request may take. Then the framework cancels <c>RequestAborted</c>, which every step down to the relocation listens to, and the caller gets a problem.</summary>
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

    /// <summary>This route takes large files or asks about many kernels.</summary>
    public static RouteHandlerBuilder MayTakeLong(this RouteHandlerBuilder route) => route.WithMetadata(new RequestTimeoutAttribute(Long));

    /// <summary>Whether the route of this request still works while it answers.</summary>
    public static bool IncludesAnswer(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<RequestTimeoutAttribute>()?.PolicyName == Long;

    /// <summary>What is left is sending: how long that takes is the client's line, for which the server has a least rate.</summary>
    public static void IsMade(HttpContext http) => http.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();

    private static RequestTimeoutPolicy Of(TimeSpan time, string setting) => new()
    {
        Timeout = time,
        WriteTimeoutResponse = http =>
        {
            http.RequestAborted = CancellationToken.None; // it is still the one that ran out, as if nobody were there to read the answer
            return Problem.TimeExceeded($"{http.Request.Method} {http.Request.Path}", time, setting).ExecuteAsync(http);
        },
    };
}
