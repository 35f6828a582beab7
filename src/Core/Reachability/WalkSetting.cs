namespace Relo.Core.Reachability;

/// <summary>The inputs and the precision of a walk.</summary>
/// <param name="Code">Reads a function.</param>
/// <param name="IsGlobal">Whether a function is verified separately rather than at each call.</param>
/// <param name="Verifier">What the verifier tracks.</param>
/// <param name="Transfer">The effects of instructions.</param>
/// <param name="Assumptions">What the walk may assume.</param>
/// <param name="IsPrecise">Whether static functions are followed at each call; otherwise once, with unknown arguments.</param>
/// <param name="StatesPerPlace">The maximum number of states at each join.</param>
internal sealed record WalkSetting(
    Func<int, FunctionCode> Code, Func<int, bool> IsGlobal, VerifierKnowledge Verifier, Transfer Transfer,
    Assumptions Assumptions, bool IsPrecise, int StatesPerPlace);
