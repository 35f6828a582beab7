namespace Relo.Core.MinimalBtf;

/// <summary>libbpf would refuse the object on this kernel, so minimal BTF is useless.</summary>
/// <param name="Failure">The record that fails, and how.</param>
public sealed record MinimalBtfFailed(RelocationFailed Failure) : MinimalBtfOutcome;
