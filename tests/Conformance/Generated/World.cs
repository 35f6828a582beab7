namespace Relo.Conformance.Generated;

/// <summary>A made-up set of types: the named ones that records ask about and that the other side knows too.</summary>
public sealed class World
{
    public List<T> Scalars { get; } = [];
    public List<EnumT> Enums { get; } = [];
    public List<CompositeT> Composites { get; } = [];
    public List<TypedefT> Typedefs { get; } = [];
    public List<FwdT> Fwds { get; } = [];

    /// <summary>Everything with its own name, in an order that the generator chooses.</summary>
    public IEnumerable<T> Named => [.. Scalars, .. Enums, .. Composites, .. Typedefs, .. Fwds];
}
