namespace Relo.Api.Compatibility;

/// <summary>The verdicts to answer as failures, when any kernel has them.</summary>
internal enum KernelsFailOn
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>Broken, or no verdict at all.</summary>
    Broken,

    /// <summary>Not ok: anything is poisoned, reachable or not.</summary>
    Poisoned,
}
