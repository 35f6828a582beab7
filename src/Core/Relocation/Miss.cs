namespace Relo.Core.Relocation;

/// <summary>Why an access has no target; ordered by how near the candidate came, so that the nearest miss is told.</summary>
public enum Miss
{
    /// <summary>It has one.</summary>
    None,
    /// <summary>No type of that essential name and kind.</summary>
    NoType,
    /// <summary>A type of that name is there but is not compatible.</summary>
    IncompatibleType,
    /// <summary>No member of that name.</summary>
    NoField,
    /// <summary>The array is shorter, or no array.</summary>
    NoElement,
    /// <summary>No enumerator of that name.</summary>
    NoEnumerator,
    /// <summary>A member of that name is there, of an incompatible type.</summary>
    IncompatibleField,
    /// <summary>The field's size changed in a way that the instruction cannot follow.</summary>
    SizeChange,
    /// <summary>libbpf treats the record as a hard error. Only in optional programs; anywhere else the whole object fails.</summary>
    Refused,
}
