namespace Relo.Archive.Naming;

/// <summary>A release and the other information in the text. All of it must match.</summary>
/// <param name="Form">The form of the text, for explanations.</param>
/// <param name="Release"><c>uname -r</c>.</param>
internal sealed record NamedRelease(string Form, string Release) : KernelIdentifier
{
    public string? Distro { get; init; }
    public string? Version { get; init; }
    public string? Arch { get; init; }

    /// <summary>If the text does not name the architecture: those that its build host builds for; empty if unknown.</summary>
    public IReadOnlyList<string> BuildArches { get; init; } = [];

    /// <summary>The version in the caller's capitalisation, for archives whose folder names have capitals.</summary>
    public string? VersionAsGiven { get; init; }

    /// <summary>Who built the kernel according to its banner, ignoring the release.</summary>
    public KernelOrigin Said { get; init; }

    /// <summary>The kernel's banner.</summary>
    public string Banner { get; init; } = "";

    /// <summary>The os-release contained in the same text.</summary>
    public OsRelease? Os { get; init; }
}
