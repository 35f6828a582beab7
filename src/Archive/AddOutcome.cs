namespace Relo.Archive;

/// <summary>What came of adding a kernel: <see cref="Added"/>, <see cref="AlreadyThere"/>, <see cref="Conflict"/> or <see cref="Rejected"/>.</summary>
public abstract record AddOutcome
{
    private protected AddOutcome() { }
}

/// <summary>The kernel is new here, or replaced another BTF under its id.</summary>
/// <param name="Kernel">The kernel as it is now.</param>
public sealed record Added(Kernel Kernel) : AddOutcome;

/// <summary>The kernel was here with the same BTF; nothing changed.</summary>
/// <param name="Kernel">The kernel as it was.</param>
public sealed record AlreadyThere(Kernel Kernel) : AddOutcome;

/// <summary>The id is taken by a kernel with another BTF, and replacing was not asked for.</summary>
/// <param name="Existing">The kernel that has the id.</param>
public sealed record Conflict(Kernel Existing) : AddOutcome;

/// <summary>The file or its description cannot be taken.</summary>
/// <param name="Code">One of the constants here.</param>
/// <param name="Detail">What was found, what was expected, where.</param>
/// <param name="Section">Section of the fault, for bad BTF.</param>
/// <param name="Offset">Byte offset within <paramref name="Section"/>, for bad BTF.</param>
public sealed record Rejected(string Code, string Detail, string? Section = null, long? Offset = null) : AddOutcome
{
    /// <summary>The file was recognised and its BTF is broken.</summary>
    public const string InvalidBtf = "invalid-btf";

    /// <summary>The file is none of the known containers, or a damaged one.</summary>
    public const string UnrecognisedKernelFile = "unrecognised-kernel-file";

    /// <summary>The description is incomplete or holds characters that no kernel has.</summary>
    public const string InvalidKernel = "invalid-kernel";
}
