namespace Relo.Archive.Sync;

/// <summary>Section <c>Archive:Sync</c> of the configuration: when all kernels of the sources are fetched.</summary>
public sealed class SyncOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Archive:Sync";

    /// <summary>How often; 0 = only by the command.</summary>
    public TimeSpan Every { get; set; }

    /// <summary>Names of the sources, separated by spaces; empty: all that can be listed.</summary>
    public string Sources { get; set; } = "";

    /// <summary>Pattern of the release, or of <c>distro/version/arch/release</c>; empty: all kernels.</summary>
    public string Match { get; set; } = "";
}
