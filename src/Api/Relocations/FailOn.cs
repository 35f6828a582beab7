namespace Relo.Api.Relocations;

/// <summary>The outcomes to report as failures, so that a build script can stop on the status alone.</summary>
[Flags]
internal enum FailOn
{
    /// <summary>None.</summary>
    Nothing = 0,

    /// <summary>The verdict is broken.</summary>
    Broken = 1,

    /// <summary>The verdict is not ok: anything is poisoned, reachable or not.</summary>
    Poisoned = 2,

    /// <summary>The kernel lacks something that the object needs.</summary>
    Absent = 4,
}
