using Microsoft.Extensions.Options;
using Relo.Api.Http;
using Serilog;

namespace Relo.Api.Access;

/// <summary>On a route: what a caller does there, for <see cref="ApiKeyAuth"/>.</summary>
/// <param name="IsWrite">Whether it changes what the service keeps for others ([key] in the contract).</param>
internal sealed record RouteAccess(bool IsWrite);

/// <summary>The single place where a request may be refused for who sends it. Runs after routing, before a byte of the body is read.</summary>
internal sealed class ApiKeyAuth(RequestDelegate next, IOptions<AccessOptions> options, KeyRing keys)
{
    private const string Header = "X-Api-Key";

    /// <summary>Lets the request through, or answers it.</summary>
    public Task InvokeAsync(HttpContext http, IDiagnosticContext requestLine)
    {
        if (!IsNeeded(http.GetEndpoint()?.Metadata.GetMetadata<RouteAccess>())) return next(http);

        var presented = http.Request.Headers[Header].ToString();
        if (presented.Length == 0)
        {
            return new Problem(ProblemKinds.KeyRequired, $"{http.Request.Method} {http.Request.Path} needs a key and the request has no {Header}")
                .WithHeader("WWW-Authenticate", $"ApiKey header=\"{Header}\"").ExecuteAsync(http);
        }

        if (keys.HolderOf(presented) is not { } holder)
            return new Problem(ProblemKinds.KeyRefused, $"the {Header} of the request is none of the keys of this service").ExecuteAsync(http);
        requestLine.Set("KeyHolder", holder);
        return next(http);
    }

    private bool IsNeeded(RouteAccess? access) => access is not null && options.Value.Mode switch
    {
        AccessMode.Open => false,
        AccessMode.Keys => access.IsWrite,
        _ => true,
    };
}
