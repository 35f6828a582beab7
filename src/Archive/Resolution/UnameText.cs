using System.Text.RegularExpressions;

namespace Relo.Archive.Resolution;

/// <summary>
/// Reads pasted text:
/// <code>
/// uname -a       Linux node7 5.4.0-91-generic #102~18.04.1-Ubuntu SMP Fri Nov 5 16:31:28 UTC 2021 x86_64 x86_64 x86_64 GNU/Linux
///                      ^node ^release         ^version                                            ^machine
/// /proc/version  Linux version 6.1.0-38-amd64 (debian-kernel@lists.debian.org) (gcc-12 …) #1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1 (2025-08-02)
///                              ^release       ^builder
/// </code>
/// The machine is in uname -a alone; /proc/version tells it only where the release does.
/// </summary>
internal static partial class UnameText
{
    /// <summary>Longer text is no output of uname; the kernel's own fields hold 64 characters each.</summary>
    public const int MaxLength = 1024;

    public static KernelIdentifier Read(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var isProcVersion = words is [_, "version", ..];
        // uname -sr and -srm, which leave the node and the version out, are pasted as often.
        var first = words.Length > 1 && !isProcVersion && LooksLikeRelease(words[1]) && !(words.Length > 2 && LooksLikeRelease(words[2])) ? 1 : 2;
        var end = Array.FindIndex(words, Math.Min(first, words.Length), w => w[0] is '#' or '(' || KernelName.IsArch(w));
        if (end < 0) end = words.Length;
        // More than one word here is a release whose '+' became a space on the way.
        var release = string.Join('+', words[Math.Min(first, end)..end]);
        if (release.Length == 0 || !LooksLikeRelease(release) || KernelName.Fault("release", release) is not null)
            return new NoIdentifier($"'{text}' begins like uname -a or /proc/version; expected a release such as 6.1.0-38-amd64 as word {first + 1}, found '{release}'");
        return new NamedRelease(isProcVersion ? "text of /proc/version" : "text of uname", release)
        {
            Arch = Machine(words.AsSpan(end)) is { } machine ? KernelName.Arch(machine) : KernelName.ArchOfRelease(release),
            DistroHint = Hint(text),
            UbuntuVersion = UbuntuRebuild().Match(text) is { Success: true } match ? match.Groups[1].Value : null,
        };
    }

    private static bool LooksLikeRelease(string word) => char.IsAsciiDigit(word[0]) && word.Contains('.', StringComparison.Ordinal);

    // The last word that names an architecture: uname -a prints machine, processor and platform behind each other.
    private static string? Machine(ReadOnlySpan<string> words)
    {
        for (var i = words.Length - 1; i >= 0; i--)
            if (KernelName.IsArch(words[i])) return words[i];
        return null;
    }

    private static string? Hint(string text) =>
        text.Contains("-Ubuntu", StringComparison.Ordinal) ? "ubuntu"
        : DebianVersion().IsMatch(text) ? "debian"
        : text.Contains(".amzn", StringComparison.Ordinal) ? "amzn"
        : text.Contains("fedoraproject.org", StringComparison.Ordinal) ? "fedora"
        : text.Contains("centos.org", StringComparison.Ordinal) ? "centos"
        : text.Contains("redhat.com", StringComparison.Ordinal) ? "rhel"
        : null;

    [GeneratedRegex(@"#\d+~(\d\d\.\d\d)(\.\d+)?-Ubuntu", RegexOptions.CultureInvariant)]
    private static partial Regex UbuntuRebuild();

    [GeneratedRegex(@" Debian \d", RegexOptions.CultureInvariant)]
    private static partial Regex DebianVersion();
}
