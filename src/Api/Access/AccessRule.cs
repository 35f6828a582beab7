using Microsoft.Extensions.Options;

namespace Relo.Api.Access;

/// <summary>The only place that decides whether a route needs a key.</summary>
internal sealed class AccessRule(IOptions<AccessOptions> options)
{
    private readonly AccessMode _mode = options.Value.Mode;

    /// <summary>The scope that the caller's key needs; <see cref="Scope.None"/> if no key is needed.</summary>
    public Scope NeededAt(Endpoint? endpoint)
    {
        if (endpoint?.Metadata.GetMetadata<RouteAccess>() is not { } access) return Scope.None;
        return _mode == AccessMode.KeysForAll || (_mode == AccessMode.Keys && access.IsWrite) ? access.Scope : Scope.None;
    }
}
