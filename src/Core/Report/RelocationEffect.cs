namespace Relo.Core.Report;

/// <summary>The effect of a record on its instruction.</summary>
public enum RelocationEffect
{
    /// <summary>The instruction was rewritten.</summary>
    Changed,

    /// <summary>The instruction was already right.</summary>
    Unchanged,

    /// <summary>There is no target: the instruction was replaced by an invalid call.</summary>
    Poisoned,
}
