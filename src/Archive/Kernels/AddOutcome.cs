namespace Relo.Archive.Kernels;

/// <summary>What came of adding a kernel: <see cref="Added"/>, <see cref="AlreadyThere"/>, <see cref="Conflict"/> or <see cref="Rejected"/>.</summary>
public abstract record AddOutcome
{
    private protected AddOutcome() { }
}

/// <summary>The kernel or module is new here, or replaced another BTF under its id.</summary>
/// <param name="Kernel">The kernel as it is now; where a module was added, the kernel it was added to.</param>
public sealed record Added(Kernel Kernel) : AddOutcome
{
    /// <summary>What came with it and was not taken, in words: modules of a package.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>The kernel or module was here with the same BTF; nothing changed.</summary>
/// <param name="Kernel">The kernel as it was.</param>
public sealed record AlreadyThere(Kernel Kernel) : AddOutcome
{
    /// <summary>As in <see cref="Added"/>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>The id is taken by a kernel with another BTF, and replacing was not asked for.</summary>
/// <param name="Existing">The kernel that has the id.</param>
/// <param name="Module">Its module that has another BTF than the one that came, where a module came.</param>
public sealed record Conflict(Kernel Existing, string? Module = null) : AddOutcome;

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

    /// <summary>The file is a module, and its kernel is not here.</summary>
    public const string KernelNotFound = "kernel-not-found";

    /// <summary>The file is a module, and several kernels of different BTF may be its own.</summary>
    public const string KernelAmbiguous = "kernel-ambiguous";
}
