namespace Relo.Archive.Kernels;

/// <summary>A kernel with this id has another BTF, and the caller did not ask to replace it.</summary>
/// <param name="Existing">The kernel that has the id.</param>
/// <param name="Module">For a module: the existing module that has another BTF.</param>
public sealed record Conflict(Kernel Existing, string? Module = null) : AddOutcome;
