using Microsoft.Extensions.Options;

namespace Relo.Api.Access;

/// <summary>The only place that decides whether a route needs a key.</summary>
internal sealed class AccessRule(IOptions<AccessOptions> options)
{
    private readonly AccessMode _mode = options.Value.Mode;

    /// <summary>Whether no route needs a key.</summary>
    public bool IsOpen => _mode == AccessMode.Open;

    /// <summary>The scope that the caller's key needs; <see cref="Scope.None"/> if no key is needed.</summary>
    public Scope NeededAt(Endpoint? endpoint) => NeededBy(endpoint?.Metadata.GetMetadata<RouteAccess>());

    /// <summary>The same for a route.</summary>
    public Scope NeededBy(RouteAccess? access)
    {
        if (access is null) return Scope.None;
        return _mode == AccessMode.KeysForAll || (_mode == AccessMode.Keys && access.IsGuarded) ? access.Scope : Scope.None;
    }
}
