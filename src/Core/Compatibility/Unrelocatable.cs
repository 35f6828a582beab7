namespace Relo.Core.Compatibility;

/// <summary>libbpf would refuse the object.</summary>
/// <param name="Failure">The reason.</param>
public sealed record Unrelocatable(RelocationFailed Failure) : KernelOutcome;
