namespace Relo.Archive.Blobs;

/// <summary>How a packed BTF is stored.</summary>
internal enum StoredForm : byte
{
    /// <summary>Its raw bytes: it has no stable form.</summary>
    Raw = 1,

    /// <summary>Its stable form. Others may be stored as differences to it.</summary>
    Base = 2,

    /// <summary>The difference of its stable form to that of another BTF, which is itself never stored as a difference.</summary>
    Difference = 3,
}
