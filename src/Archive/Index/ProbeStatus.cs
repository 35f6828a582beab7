namespace Relo.Archive.Index;

/// <summary>Whether a part works.</summary>
public enum ProbeStatus
{
    /// <summary>It works.</summary>
    Healthy,

    /// <summary>It works in part; most requests can be answered.</summary>
    Degraded,

    /// <summary>It does not work.</summary>
    Unhealthy,
}
