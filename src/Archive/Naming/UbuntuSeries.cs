using System.Text.RegularExpressions;

namespace Relo.Archive.Naming;

/// <summary>
/// The Ubuntu version that a kernel was built for. The same release can exist for several versions, with different BTF: Ubuntu rebuilds the
/// kernel of a newer version for an older one, and marks it in the banner.
/// <code>
/// #86-Ubuntu               the version that the line belongs to: 20.04 for 5.4
/// #86~18.04.1-Ubuntu       rebuilt for 18.04
/// (Ubuntu 9.3.0-17ubuntu1~20.04)   the compiler package was built for 20.04
/// </code>
/// </summary>
internal static partial class UbuntuSeries
{
    private static readonly (string Codename, string Version)[] Codenames =
    [
        ("trusty", "14.04"), ("xenial", "16.04"), ("bionic", "18.04"), ("cosmic", "18.10"), ("disco", "19.04"), ("eoan", "19.10"),
        ("focal", "20.04"), ("groovy", "20.10"), ("hirsute", "21.04"), ("impish", "21.10"), ("jammy", "22.04"), ("kinetic", "22.10"),
        ("lunar", "23.04"), ("mantic", "23.10"), ("noble", "24.04"), ("oracular", "24.10"), ("plucky", "25.04"), ("questing", "25.10"),
        ("resolute", "26.04"),
    ];

    // The kernel line that each long-term version shipped with; other versions mark theirs.
    private static readonly (string Line, string Version)[] OwnLines =
        [("3.13.0-", "14.04"), ("4.4.0-", "16.04"), ("4.15.0-", "18.04"), ("5.4.0-", "20.04"), ("5.15.0-", "22.04"),
            ("6.8.0-", "24.04")];

    /// <summary>The version with this codename (<c>UBUNTU_CODENAME</c> of os-release); null if unknown.</summary>
    public static string? OfCodename(string codename) => Array.Find(Codenames, c => c.Codename == codename).Version;

    /// <summary>The version that the text says a kernel was built for; null if it names none.</summary>
    public static string? Of(string release, string text) =>
        Rebuild().Match(text) is { Success: true } rebuild ? rebuild.Groups[1].Value
        : SignedRebuild().Match(text) is { Success: true } signed ? signed.Groups[1].Value
        : Compiler().Match(text) is { Success: true } compiler ? compiler.Groups[1].Value
        : IsOwn(text) ? Array.Find(OwnLines, l => release.StartsWith(l.Line, StringComparison.Ordinal)).Version
        : null;

    /// <summary>Whether the text says that the kernel is not a rebuild.</summary>
    public static bool IsOwn(string text) => Own().IsMatch(text);

    [GeneratedRegex(@"~(\d\d\.\d\d)(\.\d+)?-Ubuntu", RegexOptions.CultureInvariant)]
    private static partial Regex Rebuild();

    [GeneratedRegex(@"\bUbuntu \d+\.\d+\.\d+-\d+\.\d+~(\d\d\.\d\d)", RegexOptions.CultureInvariant)]
    private static partial Regex SignedRebuild();

    [GeneratedRegex(@"ubuntu[\d.]*~(\d\d\.\d\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Compiler();

    [GeneratedRegex(@"#[\d.]+-Ubuntu|\bUbuntu \d+\.\d+\.\d+-\d+\.\d+-[a-z]\S* \d", RegexOptions.CultureInvariant)]
    private static partial Regex Own();
}
