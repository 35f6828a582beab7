namespace Relo.Archive.Kernels;

/// <summary>
/// The result of adding a kernel: <see cref="Added"/>, <see cref="AlreadyThere"/>, <see cref="Conflict"/> or <see cref="Rejected"/>.
/// </summary>
public abstract record AddOutcome
{
    private protected AddOutcome() { }
}
