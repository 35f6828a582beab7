namespace Relo.Core.Access;

/// <summary>One step of an access as a reader would write it: a named member, an array element, or (first) the pointer itself.</summary>
/// <param name="TypeId">The composite that has the member; the element type of an array.</param>
/// <param name="Index">Index of the member or element.</param>
/// <param name="NameOffset">Name of the member or enumerator; 0 for array elements.</param>
public readonly record struct Accessor(uint TypeId, int Index, uint NameOffset)
{
    /// <summary>Whether this is a named member (or enumerator), not an element.</summary>
    public bool IsNamed => NameOffset != 0;
}
