using System.Diagnostics.CodeAnalysis;
using Relo.Archive.Naming;
using Relo.Core.Bytes;

namespace Relo.Archive.Resolution;

/// <summary>Parses the text that names a kernel.</summary>
internal static class IdentifierText
{
    /// <summary>
    /// Parses an identifier. One word is a digest, a build-id, a path, the name of a file or package, or a release. Several words are a
    /// release or path whose '+' became a space, or pasted text.
    /// </summary>
    public static KernelIdentifier Read(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0) return new NoIdentifier("the kernel is empty; expected " + Forms);
        if (trimmed.Length > PastedText.MaxLength)
            return new NoIdentifier($"the kernel has {trimmed.Length} characters; the limit is {PastedText.MaxLength}");
        if (OsRelease.TakeOutOf(ref text) is not { } os) return ReadOne(text);
        if (string.IsNullOrWhiteSpace(text))
            return new NoIdentifier("the text is that of os-release, which does not name a kernel; add a line with the output of uname -r");
        var read = ReadOne(text);
        return read is NamedRelease named ? named with { Os = os } : read;
    }

    private static KernelIdentifier ReadOne(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith(Digest.Prefix, StringComparison.OrdinalIgnoreCase)
            || (trimmed.Length == 64 && trimmed.All(char.IsAsciiHexDigit)))
            return Digest.TryParse(trimmed, out var digest)
                ? new BtfDigest(digest)
                : new NoIdentifier($"'{trimmed}' begins like a digest; expected sha256: and 64 hexadecimal digits, "
                    + $"found {trimmed.Length - Digest.Prefix.Length} characters after it");
        if (trimmed.StartsWith(BuildId.Prefix, StringComparison.OrdinalIgnoreCase)) return BuildId.Read(trimmed);
        if (trimmed.StartsWith('#'))
            return new NoIdentifier($"'{trimmed}' is the output of uname -v and does not name a kernel; expected the output of uname -r "
                + "or uname -a");
        if (IsPath(trimmed)) return ReadPath(KernelName.Release(text));
        if (!trimmed.Any(char.IsWhiteSpace)) return PastedText.FindInName(trimmed) is { } name ? Named(name) : ReadWord(text);
        return PastedText.Find(text.TrimStart()) is { } pasted
            ? Named(pasted)
            : new NoIdentifier($"'{Shown(trimmed)}' contains no release; expected one such as 6.1.0-38-amd64: give {Forms}");
    }

    // The parts of a path have no white space. Other texts with slashes are /boot/vmlinuz-…, which begins with one, and GNU/Linux, which
    // has one.
    private static bool IsPath(string text)
    {
        var last = text.LastIndexOf('/');
        return last > 0 && text[0] != '/'
            && !text.AsSpan(0, last).ContainsAny(InNoName) && !text.Contains("lib/modules/", StringComparison.Ordinal)
            && (text.Count(c => c == '/') == 3 || PastedText.FindInName(text) is null);
    }

    private static readonly System.Buffers.SearchValues<char> InNoName = System.Buffers.SearchValues.Create(" \t\n\r:(");

    private static KernelIdentifier ReadPath(string text)
    {
        var parts = text.Split('/');
        if (parts.Length != 4)
            return new NoIdentifier($"'{text}' has {parts.Length} parts between slashes; a path has four: distro/version/arch/release");
        string distro = KernelName.Distro(parts[0]), version = KernelName.Version(parts[1]), arch = KernelName.Arch(parts[2]),
            release = parts[3];
        return TryFault(out var fault, ("distro", distro), ("version", version), ("arch", arch), ("release", release))
            ? new NoIdentifier(fault)
            : new NamedRelease("path", release) { Distro = distro, Version = version, VersionAsGiven = parts[1], Arch = arch };
    }

    private static KernelIdentifier ReadWord(string text)
    {
        var release = KernelName.Release(text);
        return TryFault(out var fault, ("release", release))
            ? new NoIdentifier($"{fault}; expected {Forms}")
            : new NamedRelease("release", release);
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

    private const string Forms =
        "a release (uname -r), distro/version/arch/release, sha256:<digest of a BTF>, buildid:<hex>, or the text of uname -a or "
            + "/proc/version";
}
