namespace Relo.Archive.Naming;

/// <summary>A parsed kernel identifier.</summary>
internal abstract record KernelIdentifier;
