using System.Diagnostics.CodeAnalysis;
using Relo.Core.Bytes;

namespace Relo.Archive.Resolution;

/// <summary>What form the identifier has, and what it says.</summary>
internal abstract record KernelIdentifier
{
    /// <summary>Tells the forms apart. They cannot be mistaken for each other: only a path holds '/', only the texts begin with <c>Linux </c>.</summary>
    public static KernelIdentifier Read(string text)
    {
        text = text.Trim();
        if (text.Length == 0) return new NoIdentifier("the kernel is empty; expected " + Forms);
        if (text.Length > UnameText.MaxLength) return new NoIdentifier($"the kernel has {text.Length} characters, at most {UnameText.MaxLength} are read");
        if (text.StartsWith(Digest.Prefix, StringComparison.OrdinalIgnoreCase) || (text.Length == 64 && text.All(char.IsAsciiHexDigit)))
            return Digest.TryParse(text, out var digest)
                ? new BtfDigest(digest)
                : new NoIdentifier($"'{text}' begins like a digest; expected sha256: and 64 hexadecimal digits, found {text.Length - Digest.Prefix.Length} characters behind it");
        if (text.StartsWith("Linux ", StringComparison.Ordinal)) return UnameText.Read(text);
        if (text.StartsWith('#')) return new NoIdentifier($"'{text}' is what uname -v prints and names no kernel; expected what uname -r or uname -a prints");
        return text.Contains('/', StringComparison.Ordinal) ? ReadPath(text) : ReadRelease(text);
    }

    private static KernelIdentifier ReadPath(string text)
    {
        var parts = text.Split('/');
        if (parts.Length != 4) return new NoIdentifier($"'{text}' has {parts.Length} parts between slashes, a path has four: distro/version/arch/release");
        string distro = KernelName.Distro(parts[0]), version = KernelName.Version(parts[1]), arch = KernelName.Arch(parts[2]), release = PlusForSpace(parts[3]);
        return TryFault(out var fault, ("distro", distro), ("version", version), ("arch", arch), ("release", release))
            ? new NoIdentifier(fault)
            : new NamedRelease("path", release) { Distro = distro, Version = version, VersionAsGiven = parts[1], Arch = arch };
    }

    private static KernelIdentifier ReadRelease(string text)
    {
        // A text of several words is a release with its '+' lost only if it begins as releases do.
        var release = char.IsAsciiDigit(text[0]) ? PlusForSpace(text) : text;
        return TryFault(out var fault, ("release", release)) ? new NoIdentifier($"{fault}; expected {Forms}") : new NamedRelease("release", release);
    }

    // '+' in a query arrives as a space (6.12.113+deb12-amd64 typed without encoding), and no release holds a space.
    private static string PlusForSpace(string text) => text.Trim().Replace(' ', '+');

    private static bool TryFault([NotNullWhen(true)] out string? fault, params ReadOnlySpan<(string Part, string Text)> parts)
    {
        fault = null;
        foreach (var (part, text) in parts) fault ??= KernelName.Fault(part, text);
        return fault is not null;
    }

    private const string Forms = "a release (uname -r), distro/version/arch/release, sha256:<digest of a BTF>, or the text of uname -a or /proc/version";
}

/// <summary>The digest of a BTF.</summary>
internal sealed record BtfDigest(Digest Digest) : KernelIdentifier;

/// <summary>A release and what else the text says. <see cref="Distro"/> to <see cref="Arch"/> must hold; the hints only choose among several.</summary>
/// <param name="Form">The form the text had, for explanations.</param>
/// <param name="Release"><c>uname -r</c>.</param>
internal sealed record NamedRelease(string Form, string Release) : KernelIdentifier
{
    public string? Distro { get; init; }
    public string? Version { get; init; }
    public string? Arch { get; init; }

    /// <summary>The version in the caller's own letters, for archives whose folders have capitals.</summary>
    public string? VersionAsGiven { get; init; }

    /// <summary>The distribution whose builder left its name in <c>uname -v</c>; derived distributions use such kernels too.</summary>
    public string? DistroHint { get; init; }

    /// <summary>The Ubuntu version that <c>uname -v</c> names (<c>#102~18.04.1-Ubuntu</c>): a kernel of a later release, rebuilt for this one.</summary>
    public string? UbuntuVersion { get; init; }
}

/// <summary>None of the forms.</summary>
internal sealed record NoIdentifier(string Detail) : KernelIdentifier;
