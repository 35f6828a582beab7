namespace Relo.Core.Reachability;

/// <summary>Where a function was called.</summary>
/// <param name="Function">The calling function.</param>
/// <param name="Instruction">Index of the call within it.</param>
/// <param name="Chain">The calls that led there.</param>
/// <param name="Callback">The callback that a helper calls repeatedly; null for plain calls.</param>
internal sealed record CallSite(int Function, int Instruction, int Chain, Callback? Callback);
