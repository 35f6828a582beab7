using System.Diagnostics.CodeAnalysis;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Core.Bytes;

namespace Relo.Archive.Resolution;

/// <summary>What form the identifier has, and what it says.</summary>
internal abstract record KernelIdentifier
{
    /// <summary>
    /// Tells the forms apart. One word is a digest, a build-id, a path, the name of a file or a package, or a release; what has several words is a
    /// release or a path whose '+' became a space, or text that somebody pasted.
    /// </summary>
    public static KernelIdentifier Read(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0) return new NoIdentifier("the kernel is empty; expected " + Forms);
        if (trimmed.Length > PastedText.MaxLength) return new NoIdentifier($"the kernel has {trimmed.Length} characters, at most {PastedText.MaxLength} are read");
        if (OsRelease.TakeOutOf(ref text) is not { } os) return ReadOne(text);
        if (string.IsNullOrWhiteSpace(text)) return new NoIdentifier("the text is that of os-release, which names no kernel; add a line with what uname -r prints");
        var read = ReadOne(text);
        return read is NamedRelease named ? named with { Os = os } : read;
    }

    private static KernelIdentifier ReadOne(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith(Digest.Prefix, StringComparison.OrdinalIgnoreCase) || (trimmed.Length == 64 && trimmed.All(char.IsAsciiHexDigit)))
            return Digest.TryParse(trimmed, out var digest)
                ? new BtfDigest(digest)
                : new NoIdentifier($"'{trimmed}' begins like a digest; expected sha256: and 64 hexadecimal digits, found {trimmed.Length - Digest.Prefix.Length} characters after it");
        if (trimmed.StartsWith(BuildId.Prefix, StringComparison.OrdinalIgnoreCase)) return BuildId.Read(trimmed);
        if (trimmed.StartsWith('#')) return new NoIdentifier($"'{trimmed}' is what uname -v prints and names no kernel; expected what uname -r or uname -a prints");
        if (IsPath(trimmed)) return ReadPath(KernelName.Release(text));
        if (!trimmed.Any(char.IsWhiteSpace)) return PastedText.FindInName(trimmed) is { } name ? Named(name) : ReadWord(text);
        return PastedText.Find(text.TrimStart()) is { } pasted
            ? Named(pasted)
            : new NoIdentifier($"no release is found in '{Shown(trimmed)}'; expected one such as 6.1.0-38-amd64: give {Forms}");
    }

    // Distribution, version and architecture hold no white space; of what else has slashes, /boot/vmlinuz-… begins with one, GNU/Linux has one.
    private static bool IsPath(string text)
    {
        var last = text.LastIndexOf('/');
        return last > 0 && text[0] != '/' && !text.AsSpan(0, last).ContainsAny(InNoName) && !text.Contains("lib/modules/", StringComparison.Ordinal)
            && (text.Count(c => c == '/') == 3 || PastedText.FindInName(text) is null);
    }

    private static readonly System.Buffers.SearchValues<char> InNoName = System.Buffers.SearchValues.Create(" \t\n\r:(");

    private static KernelIdentifier ReadPath(string text)
    {
        var parts = text.Split('/');
        if (parts.Length != 4) return new NoIdentifier($"'{text}' has {parts.Length} parts between slashes, a path has four: distro/version/arch/release");
        string distro = KernelName.Distro(parts[0]), version = KernelName.Version(parts[1]), arch = KernelName.Arch(parts[2]), release = parts[3];
        return TryFault(out var fault, ("distro", distro), ("version", version), ("arch", arch), ("release", release))
            ? new NoIdentifier(fault)
            : new NamedRelease("path", release) { Distro = distro, Version = version, VersionAsGiven = parts[1], Arch = arch };
    }

    private static KernelIdentifier ReadWord(string text)
    {
        var release = KernelName.Release(text);
        return TryFault(out var fault, ("release", release)) ? new NoIdentifier($"{fault}; expected {Forms}") : new NamedRelease("release", release);
    }

    private static NamedRelease Named(PastedText text) => new(text.Form, text.Release)
    {
        Arch = text.Arch,
        BuildArches = text.Arch is null ? Architectures.OfBuildText(text.Banner) : [],
        Said = KernelOrigin.OfText(text.Release, text.Banner),
        Banner = text.Banner,
    };

    private static string Shown(string text) => text.Length <= 120 ? text : text[..120] + "…";

    private static bool TryFault([NotNullWhen(true)] out string? fault, params ReadOnlySpan<(string Part, string Text)> parts)
    {
        fault = null;
        foreach (var (part, text) in parts) fault ??= KernelName.Fault(part, text);
        return fault is not null;
    }

    private const string Forms = "a release (uname -r), distro/version/arch/release, sha256:<digest of a BTF>, buildid:<hex>, or the text of uname -a or /proc/version";
}

/// <summary>The digest of a BTF.</summary>
internal sealed record BtfDigest(Digest Digest) : KernelIdentifier;

/// <summary>The GNU build-id of a kernel, 40 hexadecimal digits as a rule. Known of kernels whose own file was read: BTF does not hold it.</summary>
internal sealed record BuildId(string Hex) : KernelIdentifier
{
    public const string Prefix = "buildid:";

    public static new KernelIdentifier Read(string text)
    {
        var hex = text[Prefix.Length..];
        return hex.Length is >= 8 and <= 128 && hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit)
            ? new BuildId(hex.ToLowerInvariant())
            : new NoIdentifier($"'{text}' begins like a build-id; expected buildid: and an even number of hexadecimal digits, 40 as a rule, found '{hex}'");
    }
}

/// <summary>A release and what else the text says. All of it must hold.</summary>
/// <param name="Form">The form the text had, for explanations.</param>
/// <param name="Release"><c>uname -r</c>.</param>
internal sealed record NamedRelease(string Form, string Release) : KernelIdentifier
{
    public string? Distro { get; init; }
    public string? Version { get; init; }
    public string? Arch { get; init; }

    /// <summary>Where the text does not name the architecture: those that the machine it was built on builds for; empty where nothing is said.</summary>
    public IReadOnlyList<string> BuildArches { get; init; } = [];

    /// <summary>The version in the caller's own letters, for archives whose folders have capitals.</summary>
    public string? VersionAsGiven { get; init; }

    /// <summary>Who built the kernel, as its own words say, apart from the release.</summary>
    public KernelOrigin Said { get; init; }

    /// <summary>The kernel's own words.</summary>
    public string Banner { get; init; } = "";

    /// <summary>The os-release that stood in the same text.</summary>
    public OsRelease? Os { get; init; }
}

/// <summary>None of the forms.</summary>
internal sealed record NoIdentifier(string Detail) : KernelIdentifier;
