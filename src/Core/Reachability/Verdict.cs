namespace Relo.Core.Reachability;

/// <summary>Whether a program or an object can be used on the kernel once it is relocated.</summary>
public enum Verdict
{
    /// <summary>It holds nothing that the verifier refuses.</summary>
    Ok,

    /// <summary>It does, and none of that can be reached.</summary>
    Guarded,

    /// <summary>Some of that can be reached: the verifier will refuse the program.</summary>
    Broken,
}
