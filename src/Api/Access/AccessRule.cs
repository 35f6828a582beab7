using Microsoft.Extensions.Options;

namespace Relo.Api.Access;

/// <summary>On a route: what a caller's key must allow there, where one is needed. <see cref="Scope.None"/>: nobody is ever asked for a key.</summary>
internal sealed record RouteAccess(Scope Scope)
{
    /// <summary>Whether it changes what the service keeps for others ([key] in the contract).</summary>
    public bool IsWrite => (Scope & (Scope.Objects | Scope.Kernels)) != 0;
}

/// <summary>The single answer to whether a route needs a key.</summary>
internal sealed class AccessRule(IOptions<AccessOptions> options)
{
    private readonly AccessMode _mode = options.Value.Mode;

    /// <summary>What the caller's key must allow; none where no key is needed.</summary>
    public Scope NeededAt(Endpoint? endpoint)
    {
        if (endpoint?.Metadata.GetMetadata<RouteAccess>() is not { } access) return Scope.None;
        return _mode == AccessMode.KeysForAll || (_mode == AccessMode.Keys && access.IsWrite) ? access.Scope : Scope.None;
    }
}
