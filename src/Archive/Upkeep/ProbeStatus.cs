namespace Relo.Archive.Upkeep;

/// <summary>Whether something works.</summary>
public enum ProbeStatus
{
    /// <summary>It does.</summary>
    Healthy,

    /// <summary>In part; most of what is asked can be answered.</summary>
    Degraded,

    /// <summary>It does not.</summary>
    Unhealthy,
}
