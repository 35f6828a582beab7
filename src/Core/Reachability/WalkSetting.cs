namespace Relo.Core.Reachability;

/// <summary>What a walk is made over, and how closely it looks.</summary>
/// <param name="Code">Reads a function.</param>
/// <param name="IsGlobal">Whether a function is verified by itself rather than at each call.</param>
/// <param name="Verifier">What the verifier remembers.</param>
/// <param name="Transfer">What instructions do.</param>
/// <param name="Assumptions">What it may rest on.</param>
/// <param name="IsPrecise">Whether static functions are followed at each call; otherwise once, with unknown arguments.</param>
/// <param name="StatesPerPlace">How many states are kept apart where paths meet.</param>
internal sealed record WalkSetting(
    Func<int, FunctionCode> Code, Func<int, bool> IsGlobal, VerifierKnowledge Verifier, Transfer Transfer,
    Assumptions Assumptions, bool IsPrecise, int StatesPerPlace);
