using Relo.Api.Http.Problems;
using Serilog;

namespace Relo.Api.Access;

/// <summary>Refuses requests whose key is missing, unknown or not sufficient. Runs after routing, before the body is read.</summary>
internal sealed class ApiKeyAuth(RequestDelegate next, AccessRule rule, KeyRing keys)
{
    /// <summary>Passes the request on, or refuses it.</summary>
    public Task InvokeAsync(HttpContext http, IDiagnosticContext requestLine)
    {
        var needed = rule.NeededAt(http.GetEndpoint());
        if (needed == Scope.None) return next(http);

        var presented = http.Request.Headers[KeyRing.Header].ToString();
        var request = $"{http.Request.Method} {http.Request.Path}";
        if (presented.Length == 0)
        {
            return new Problem(ProblemKinds.KeyRequired, $"{request} needs a key and the request has no {KeyRing.Header}")
                .WithHeader("WWW-Authenticate", $"ApiKey header=\"{KeyRing.Header}\"").ExecuteAsync(http);
        }

        if (keys.HolderOf(presented) is not { } holder)
        {
            return new Problem(ProblemKinds.KeyRefused, $"the service does not know the key in {KeyRing.Header}")
                .ExecuteAsync(http);
        }

        requestLine.Set("KeyHolder", holder.Name);
        if (holder.Scopes.HasFlag(needed)) return next(http);

        var (wanted, allowed) = (ScopeNames.Write(needed), ScopeNames.Write(holder.Scopes));
        return new Problem(ProblemKinds.ScopeMissing, $"{request} needs the scope {wanted}, and the key of {holder.Name} allows {allowed}")
            .With("scope", wanted).ExecuteAsync(http);
    }
}
