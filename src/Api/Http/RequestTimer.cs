using Microsoft.AspNetCore.Http.Timeouts;

namespace Relo.Api.Http;

/// <summary>The time limit of the current request.</summary>
internal static class RequestTimer
{
    /// <summary>
    /// Stops the time limit when the response starts: sending depends on the client's connection, for which the server has a minimum
    /// rate.
    /// </summary>
    public static void Stop(HttpContext http) => http.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();

    /// <summary>Whether the time limit has expired. The framework then answers if the route throws.</summary>
    public static bool HasExpired(HttpContext http) =>
        http.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true;
}
