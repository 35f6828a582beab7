using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Relo.Api.Access;
using Relo.Api.Caching;

namespace Relo.Api.Http.Hot;

/// <summary>On a route: what it sends depends on its address, on <c>Accept</c>, on what is posted to it, and on which kernels and objects are kept; on nothing else.</summary>
internal sealed record HotRoute;

/// <summary>
/// Lets routes leave their answers to be given again by <see cref="HotServer"/> for a second: a fleet asks for the same few objects, mostly to be told that
/// nothing is new. After a second the route itself answers anew, which counts as a use of the object and sees what other processes changed; what this process
/// changes about kernels or objects is seen at once. Bytes are not kept here: an answer lives as long as the relocation in its own cache.
/// </summary>
internal sealed class HotAnswers(RequestDelegate next, HotAnswerMemory memory, AccessRule access, IOptions<ResultOptions> results, IOptions<LimitOptions> limits, IConfiguration configuration)
{
    // Who wants nothing kept gets everything made; where requests are counted, each one is; and where hosts are told apart, each one is asked for its host.
    private readonly bool _isOn = results.Value.ResultBytes > 0 && !limits.Value.CountsRequests && (configuration["AllowedHosts"] is null or "" or "*");

    /// <summary>Lets the route answer.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        // Whoever must show a key is asked for it each time.
        if (_isOn && http.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<HotRoute>() is not null && access.NeededAt(endpoint) == Scope.None)
            http.Features.Set(memory.Slot(http.Features.GetRequiredFeature<IHttpRequestFeature>()));
        return next(http);
    }
}
