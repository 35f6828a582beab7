namespace Relo.Archive.Naming;

/// <summary>
/// How the parts of a kernel's name are spelled. BTF archives disagree on most of it (quotes of os-release, aarch64 or arm64, 7 or 7.9,
/// amazon or amzn), so all input is normalised to one spelling.
/// </summary>
internal static class KernelName
{
    /// <summary>The distribution of kernels added without one.</summary>
    public const string CustomDistro = Distributions.Custom;

    /// <summary>The version of kernels added without one.</summary>
    public const string LocalVersion = "local";

    /// <summary>The longest part of a name, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>
    /// The canonical architecture: <c>x86_64</c>, <c>arm64</c>, others as in <c>uname -m</c>. Unknown ones are only trimmed and
    /// lower-cased.
    /// </summary>
    public static string Arch(string text)
    {
        var plain = Plain(text);
        return Architectures.Find(plain) ?? plain;
    }

    /// <summary>The canonical distribution: os-release <c>ID</c>.</summary>
    public static string Distro(string text) => Distributions.Spelling(Plain(text));

    /// <summary>The canonical version: os-release <c>VERSION_ID</c> without quotes, lower case.</summary>
    public static string Version(string text) => Plain(text);

    /// <summary>
    /// The release as <c>uname -r</c> prints it. An unencoded '+' in a query arrives as a space, which no release contains: a space
    /// within the release or right after it becomes '+' (<c>5.10.147+</c>). Other surrounding white space is trimmed.
    /// </summary>
    public static string Release(string text)
    {
        var trimmed = text.TrimStart();
        var end = trimmed.AsSpan().TrimEnd().Length;
        return trimmed[..end].Replace(' ', '+') + (end > 0 && trimmed.AsSpan(end) is " " ? "+" : "");
    }

    /// <summary>Whether the text names an architecture, in any spelling.</summary>
    public static bool IsArch(string text) => Architectures.Find(text) is not null;

    /// <summary>The architecture that a release names (<c>….el8.x86_64</c>, <c>…-cloud-amd64</c>), or null.</summary>
    public static string? ArchOfRelease(string release) => Architectures.OfRelease(release);

    /// <summary>The versions to try, most likely first: the version itself, then the one that archives file it under.</summary>
    public static IEnumerable<string> VersionsToTry(string? distro, string version)
    {
        yield return version;
        // BTFHub files Amazon Linux 1 (VERSION_ID 2018.03) under 1, DataDog's fork under 2018.
        if (distro is null or "amzn" && version == "2018.03") yield return "1";
        // BTFHub uses only the major version for the Red Hat family (7.9 is under 7).
        if (version.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot) yield return version[..dot];
    }

    /// <summary>The id of a kernel.</summary>
    public static string Id(string distro, string version, string arch, string release) => $"{distro}/{version}/{arch}/{release}";

    /// <summary>
    /// The fault of a part of a name, or null. Parts become paths, so only characters valid in file names everywhere are allowed.
    /// </summary>
    /// <param name="part">Its name in the message.</param>
    /// <param name="text">Its text.</param>
    public static string? Fault(string part, string text)
    {
        if (text.Length == 0) return $"{part} is empty";
        if (text.Length > MaxLength) return $"{part} has {text.Length} characters, at most {MaxLength} are allowed";
        if (text[0] == '.') return $"{part} '{text}' begins with a dot";
        var bad = text.AsSpan().IndexOfAnyExcept(Alphabet);
        return bad < 0 ? null : $"{part} contains {Shown(text[bad])} as character {bad + 1}; only letters, digits and ._+~- are allowed";
    }

    private static readonly System.Buffers.SearchValues<char> Alphabet =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+~-");

    private static string Shown(char c) => c is > ' ' and < '\x7f' ? $"'{c}'" : $"U+{(int)c:X4}";

    private static string Plain(string text) => text.Trim().Trim('"', '\'').Trim().ToLowerInvariant();
}
