namespace Relo.Api.Relocations;

/// <summary>The outcomes to report as failures, so that a build script can stop on the status alone.</summary>
internal enum FailOn
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>The verdict is broken.</summary>
    Broken,

    /// <summary>The verdict is not ok: anything is poisoned, reachable or not.</summary>
    Poisoned,
}
