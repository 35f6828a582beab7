using System.Text.RegularExpressions;
using Relo.Archive.Naming;

namespace Relo.Archive.Resolution;

/// <summary>
/// Finds the release in pasted text:
/// <code>
/// uname -a        Linux node7 5.4.0-91-generic #102~18.04.1-Ubuntu SMP Fri Nov 5 16:31:28 UTC 2021 x86_64 x86_64 x86_64 GNU/Linux
///                       ^node ^release         ^banner                                             ^machine
/// /proc/version   Linux version 6.1.0-38-amd64 (debian-kernel@lists.debian.org) (gcc-12 …) #1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1 (…)
///                               ^release       ^banner
/// </code>
/// and in dmesg, hostnamectl, a Prometheus sample, <c>kubectl get nodes -o wide</c>, <c>/proc/version_signature</c>, names of packages and
/// files.
/// </summary>
/// <param name="Form">The form of the text, for explanations.</param>
/// <param name="Release">The release.</param>
/// <param name="Banner">The rest of the banner, which names the builder. Excludes the node name, which may be anything.</param>
internal sealed partial record PastedText(string Form, string Release, string Banner)
{
    /// <summary>The longest text accepted. os-release and <c>uname -a</c> together have about 600 characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>
    /// The architecture, if the text or the release names it. The release wins, because uname can report another machine (setarch, qemu).
    /// </summary>
    public string? Arch { get; private init; }

    /// <summary>The part of the text that is the banner.</summary>
    private enum Rest { OwnWords, Whole, None }

    // The most specific first: text of several lines may contain other versions.
    private static readonly (string Form, Regex Pattern, Rest Words)[] Patterns =
    [
        ("text of /proc/version", ProcVersion(), Rest.OwnWords),
        ("text of uname", Uname(), Rest.OwnWords),
        ("text with a labelled release", Labelled(), Rest.None),
        ("text of /proc/version_signature", Signature(), Rest.Whole),
        ("name of a package or file", FileName(), Rest.None),
        ("line of kubectl get nodes", NodeLine(), Rest.None),
        ("text of uname", ShortUname(), Rest.OwnWords),
        ("text that begins with a release", Bare(), Rest.OwnWords),
        ("text with a release in it", Anywhere(), Rest.None),
    ];

    /// <summary>Finds the release; null if there is none.</summary>
    public static PastedText? Find(string text)
    {
        foreach (var (form, pattern, rest) in Patterns)
        {
            if (pattern.Match(text) is not { Success: true } match) continue;
            var release = ReleaseIn(match, text, rest, out var end);
            if (KernelName.Fault("release", release) is not null) continue;
            var banner = rest switch
            {
                Rest.Whole => text,
                Rest.OwnWords => OwnWords(text[end..]),
                _ => VersionLabel().Match(text) is { Success: true } label ? label.Groups["v"].Value : "",
            };
            return new(form, release, banner) { Arch = Architectures.OfRelease(release) ?? Machine(text, end) };
        }

        return null;
    }

    /// <summary>
    /// The release in the name of a package or file: <c>linux-image-5.15.0-94-generic</c>, <c>/boot/vmlinuz-5.15.0-95-generic</c>; null for
    /// other words.
    /// </summary>
    public static PastedText? FindInName(string word) =>
        FileName().Match(word) is { Success: true } match
        && ReleaseIn(match, word, Rest.None, out _) is var release && KernelName.Fault("release", release) is null
            ? new("name of a package or file", release, "") { Arch = Architectures.OfRelease(release) ?? DebArch(word) }
            : null;

    private static string ReleaseIn(Match match, string text, Rest rest, out int end)
    {
        var release = match.Groups["r"].Value;
        end = match.Groups["r"].Index + release.Length;
        if (match.Groups["flavour"] is { Success: true } flavour) return $"{release}-{flavour.Value}"; // a signature
        if (match.Groups["package"] is { Success: true } package) return OfPackage(package.Value, release, text);
        if (rest != Rest.OwnWords) return release;
        var lost = text.AsSpan(end, WithLostPlus(text.AsSpan(end)));
        end += lost.Length;
        return $"{release}{lost}".Replace(' ', '+');
    }

    // An unencoded '+' in a query arrives as a space, which no release contains: "6.12.113 deb12-amd64 #1", "5.10.147  #1". Returns how
    // many of the following characters belong to the release: the words before the '#', '(' or architecture that follows a release.
    private static int WithLostPlus(ReadOnlySpan<char> rest)
    {
        var line = rest.IndexOf('\n') is >= 0 and var end ? rest[..end] : rest;
        if (line is " " || (line.StartsWith("  ") && line.Length > 2 && line[2] != ' ')) return 1;
        var at = 0;
        while (at < line.Length && line[at] == ' ')
        {
            var next = line[(at + 1)..].IndexOf(' ');
            var word = next < 0 ? line[(at + 1)..] : line.Slice(at + 1, next);
            if (word is ['#' or '(', ..] || Architectures.Find(word.ToString()) is not null) return at;
            if (!LocalVersion().IsMatch(word)) return 0;
            at += 1 + word.Length;
        }

        return at == line.Length ? at : 0;
    }

    // The line and its continuation lines. Later lines of dmesg or hostnamectl describe the hardware: "Hardware Vendor: Amazon EC2".
    private static string OwnWords(string text)
    {
        var lines = text.Split('\n');
        return string.Join(' ', lines.Take(1).Concat(lines.Skip(1).TakeWhile(line => !OtherLine().IsMatch(line))));
    }

    // linux-image-6.1.0-38-amd64_6.1.147-1_amd64.deb, kernel-core-5.14.0-427.el9.x86_64.rpm, and SUSE's
    // kernel-default-5.14.21-150400.24.63.1.x86_64, whose release is 5.14.21-150400.24.63-default.
    private static string OfPackage(string package, string release, string text)
    {
        if (text.EndsWith(".deb", StringComparison.Ordinal) && release.IndexOf('_', StringComparison.Ordinal) is > 0 and var version)
            release = release[..version];
        release = FileSuffix().Replace(release, "");
        var suse = SusePackage().Match($"{package}-{release}");
        return suse.Success ? $"{suse.Groups["r"].Value}-{suse.Groups["f"].Value}" : release;
    }

    private static string? DebArch(string word) =>
        DebSuffix().Match(word) is { Success: true } deb ? Architectures.Find(deb.Groups["a"].Value) : null;

    // uname -a prints the machine, the processor and the platform; the first is the machine.
    private static string? Machine(string text, int from)
    {
        if (MachineLabel().Match(text) is { Success: true } label && Architectures.Find(label.Groups["a"].Value) is { } labelled)
            return labelled;
        foreach (var word in text[from..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            if (Architectures.Find(word.Trim('(', ')', ',', '"', ';')) is { } arch) return arch;
        return null;
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    // Weak: digits and a dot. Strong: three numbers, the first a major version of Linux, so that neither Alpine 3.19 nor gcc 12.2.0
    // matches. The bounded length bounds the search time.
    private const string Weak = @"(?<r>\d{1,4}\.[\w.~+-]{0,120})";
    private const string Strong = @"(?<r>([2-9]|1\d)\.\d{1,6}\.\d{1,6}[\w.~+-]{0,120})";

    [GeneratedRegex(@"\bLinux version " + Weak + @"(?![\w.])", Options)]
    private static partial Regex ProcVersion();

    // Up to '#' on one line. The node name may look like a release (10.0.0.5), so the last word before '#' wins.
    [GeneratedRegex(@"(?<![\w/])Linux (\S+ )?" + Weak + @"(?= [ \w.~-]*#)", Options)]
    private static partial Regex Uname();

    [GeneratedRegex(@"(?<![\w/])Linux (\S+ )?" + Strong + @"(?=[\s)""']|$)", Options)]
    private static partial Regex ShortUname();

    [GeneratedRegex(
        @"(?<![\w])(kernel[ _-]?(version|release)?|os_?release|release)(\s*\([\w ]*\))?""?\s*[:=]\s*[""']?(Linux )?" + Strong,
        Options | RegexOptions.IgnoreCase)]
    private static partial Regex Labelled();

    [GeneratedRegex(@"\bUbuntu (?<r>\d+\.\d+\.\d+-\d+)\.\d+(~[\d.]+)?-(?<flavour>[a-z][a-z0-9-]*) \d+\.\d+\.\d+", Options)]
    private static partial Regex Signature();

    [GeneratedRegex(
        @"(?<![\w.-])((?<package>vmlinu[xz]|[iI]mage|initrd\.img|initramfs|System\.map|config|linux-[a-z-]*?|kernel(-[a-z][a-z0-9]*)*)-"
        + @"|lib/modules/(?<package>))(?<r>\d{1,4}\.\d{1,6}[\w.~+-]{0,120})",
        Options)]
    private static partial Regex FileName();

    [GeneratedRegex(Strong + @"\s+(containerd|docker|cri-o)://", Options)]
    private static partial Regex NodeLine();

    // The release of uname -rv may be any word.
    [GeneratedRegex(@"^\s*(\$ uname[^\n]*\n\s*)?(" + Strong + @"(?=\s|$)|(?<r>[\w.~+-]{1,120})(?= #\d))", Options)]
    private static partial Regex Bare();

    // Excludes package versions: "Debian 6.1.147-1".
    [GeneratedRegex(
        @"(?<![\w./:@-])(?<!(Debian|Kali|PMX|PVE|gcc|version|ld) )" + Strong + @"(?<=-[\w.~+-]{1,120})(?=[\s,;)""']|$)",
        Options)]
    private static partial Regex Anywhere();

    [GeneratedRegex(@"^(?!SMP$|PREEMPT)\d*[A-Za-z][\w.~-]{0,120}$", Options)]
    private static partial Regex LocalVersion();

    [GeneratedRegex(@"(?<![\w])(machine|architecture)""?\s*[:=]\s*[""']?(?<a>[\w-]+)", Options | RegexOptions.IgnoreCase)]
    private static partial Regex MachineLabel();

    [GeneratedRegex(@"^\s*(\[|[\w ./-]+:|\S+ login)", Options)]
    private static partial Regex OtherLine();

    [GeneratedRegex(@"[{,\s]version=""(?<v>[^""]*)""", Options)]
    private static partial Regex VersionLabel();

    [GeneratedRegex(@"\.(rpm|deb|img|gz|xz|zst|efi)$", Options)]
    private static partial Regex FileSuffix();

    [GeneratedRegex(@"_(?<a>[a-z0-9]+)\.deb$", Options)]
    private static partial Regex DebSuffix();

    [GeneratedRegex(@"^kernel-(?<f>default|preempt|azure|rt|64kb)-(?<r>\d+\.\d+\.\d+-[\d.]+)\.\d+(\.[a-z]\w+)?$", Options)]
    private static partial Regex SusePackage();
}
