namespace Relo.Core.Reachability;

/// <summary>Whether a program or an object can be used on the kernel once it is relocated.</summary>
public enum Verdict
{
    /// <summary>It contains nothing that the verifier rejects.</summary>
    Ok,

    /// <summary>It contains something that the verifier rejects, but none of it can be reached.</summary>
    Guarded,

    /// <summary>Some of it can be reached: the verifier will reject the program.</summary>
    Broken,
}
