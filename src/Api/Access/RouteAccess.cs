namespace Relo.Api.Access;

/// <summary>Metadata of a route: the scope that a key needs there. <see cref="Scope.None"/>: the route never asks for a key.</summary>
internal sealed record RouteAccess(Scope Scope)
{
    /// <summary>Whether the route changes what the service keeps for others ([key] in the contract).</summary>
    public bool IsWrite => (Scope & (Scope.Objects | Scope.Kernels)) != 0;
}
