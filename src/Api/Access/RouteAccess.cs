namespace Relo.Api.Access;

/// <summary>Metadata of a route: the scope that a key needs there. <see cref="Scope.None"/>: the route never needs a key.</summary>
internal sealed record RouteAccess(Scope Scope)
{
    /// <summary>Whether the route changes stored objects or kernels.</summary>
    public bool IsWrite => (Scope & (Scope.Objects | Scope.Kernels)) != 0;

    /// <summary>Whether the route needs a key even where reading is open to all: it writes, or shows who wrote.</summary>
    public bool IsGuarded => IsWrite || Scope.HasFlag(Scope.Audit);
}
