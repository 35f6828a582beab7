namespace Relo.Core.Reachability;

/// <summary>What the verifier refuses in a program.</summary>
/// <param name="All">All of it, including functions that are loaded with the program.</param>
/// <param name="Reached">What can be reached.</param>
internal sealed record ProgramRefusals(IReadOnlySet<Refusal> All, IReadOnlySet<Refusal> Reached)
{
    /// <summary>A program for which nothing is proven: any poisoned record may be reached.</summary>
    public static ProgramRefusals Unknown(IReadOnlySet<Refusal> poisoned) => new(poisoned, poisoned);

    public Verdict Verdict => All.Count == 0 ? Verdict.Ok : Reached.Count == 0 ? Verdict.Guarded : Verdict.Broken;
}
