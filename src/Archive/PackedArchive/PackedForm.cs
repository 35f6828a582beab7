namespace Relo.Archive.PackedArchive;

/// <summary>How the BTF of a kernel is stored in a packed archive.</summary>
internal enum PackedForm
{
    /// <summary>Alone. It may be the base of the kernels that follow.</summary>
    Alone,

    /// <summary>As the difference between its stable form and that of the last kernel that is stored alone.</summary>
    Difference,

    /// <summary>Not at all: it is the same as that of the previous kernel.</summary>
    Same,
}
