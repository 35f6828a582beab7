namespace Relo.Core.Checks;

/// <summary>Whether the kernel has what an object needs, as far as its BTF shows it.</summary>
public enum CheckStatus
{
    /// <summary>The BTF shows it.</summary>
    Present,

    /// <summary>The BTF would show it, and does not.</summary>
    Absent,

    /// <summary>It is there, but differs from what the object expects.</summary>
    Changed,

    /// <summary>The BTF cannot show it.</summary>
    Unknown,
}
