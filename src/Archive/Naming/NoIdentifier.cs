namespace Relo.Archive.Naming;

/// <summary>The text is not a kernel identifier.</summary>
internal sealed record NoIdentifier(string Detail) : KernelIdentifier;
