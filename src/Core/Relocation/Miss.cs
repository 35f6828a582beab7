namespace Relo.Core.Relocation;

/// <summary>The reason why an access has no target; ordered by closeness, so that reports show the closest candidate's reason.</summary>
public enum Miss
{
    /// <summary>It has a target.</summary>
    None,
    /// <summary>No type of that essential name and kind.</summary>
    NoType,
    /// <summary>A type of that name exists but is not compatible.</summary>
    IncompatibleType,
    /// <summary>No member of that name.</summary>
    NoField,
    /// <summary>The array is shorter, or the field is not an array.</summary>
    NoElement,
    /// <summary>No enumerator of that name.</summary>
    NoEnumerator,
    /// <summary>A member of that name exists, with an incompatible type.</summary>
    IncompatibleField,
    /// <summary>The field's size changed in a way that the instruction cannot follow.</summary>
    SizeChange,
    /// <summary>libbpf treats the record as a hard error. Only in optional programs; elsewhere, the whole object fails.</summary>
    Refused,
}
