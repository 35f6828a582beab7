namespace Relo.Core.Reachability;

/// <summary>A function that a helper calls.</summary>
/// <param name="Function">Index of the function.</param>
/// <param name="Register">The register in which it receives the caller's context.</param>
/// <param name="Context">The context.</param>
internal sealed record Callback(int Function, int Register, KnownValue Context);
