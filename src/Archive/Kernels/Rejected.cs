namespace Relo.Archive.Kernels;

/// <summary>The file or its description is not accepted.</summary>
/// <param name="Code">One of the constants here.</param>
/// <param name="Detail">What was found, what was expected, where.</param>
/// <param name="Section">Section of the fault, for bad BTF.</param>
/// <param name="Offset">Byte offset within <paramref name="Section"/>, for bad BTF.</param>
public sealed record Rejected(string Code, string Detail, string? Section = null, long? Offset = null) : AddOutcome
{
    /// <summary>The file is recognised, but its BTF is invalid.</summary>
    public const string InvalidBtf = "invalid-btf";

    /// <summary>The file is not a known container, or a damaged one.</summary>
    public const string UnrecognisedKernelFile = "unrecognised-kernel-file";

    /// <summary>The description is incomplete or contains invalid characters.</summary>
    public const string InvalidKernel = "invalid-kernel";

    /// <summary>The file is a module, and the archive does not have its kernel.</summary>
    public const string KernelNotFound = "kernel-not-found";

    /// <summary>The file is a module, and several kernels with different BTF match it.</summary>
    public const string KernelAmbiguous = "kernel-ambiguous";
}
