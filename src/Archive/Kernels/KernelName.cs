using Relo.Archive.Naming;

namespace Relo.Archive.Kernels;

/// <summary>
/// The one place that knows how the parts of a kernel's name are spelt. Consumers of BTF archives disagree on nearly all of it
/// (quotes of os-release, aarch64 or arm64, 7 or 7.9, amazon or amzn), so everything is brought to one spelling on its way in.
/// </summary>
public static class KernelName
{
    /// <summary>Distribution of kernels of which nobody said one.</summary>
    public const string CustomDistro = Distributions.Custom;

    /// <summary>Version of kernels of which nobody said one.</summary>
    public const string LocalVersion = "local";

    /// <summary>No part of a name is longer.</summary>
    public const int MaxLength = 128;

    /// <summary>The architecture in our spelling: <c>x86_64</c>, <c>arm64</c>, others as <c>uname -m</c>; one that is in no table as it is.</summary>
    public static string Arch(string text)
    {
        var plain = Plain(text);
        return Architectures.Find(plain) ?? plain;
    }

    /// <summary>The distribution in our spelling: os-release <c>ID</c>.</summary>
    public static string Distro(string text) => Distributions.Spelling(Plain(text));

    /// <summary>The version in our spelling: os-release <c>VERSION_ID</c> without quotes, lower case.</summary>
    public static string Version(string text) => Plain(text);

    /// <summary>
    /// The release as <c>uname -r</c> prints it. A '+' typed into a query without encoding arrives as a space, and no release holds a space: each
    /// within the release or right after it is a '+' (<c>5.10.147+</c>). Other white space around it goes.
    /// </summary>
    public static string Release(string text)
    {
        var trimmed = text.TrimStart();
        var end = trimmed.AsSpan().TrimEnd().Length;
        return trimmed[..end].Replace(' ', '+') + (end > 0 && trimmed.AsSpan(end) is " " ? "+" : "");
    }

    /// <summary>Whether the text names an architecture, in any spelling.</summary>
    public static bool IsArch(string text) => Architectures.Find(text) is not null;

    /// <summary>The architecture that a release names (<c>….el8.x86_64</c>, <c>…-cloud-amd64</c>); null where it names none.</summary>
    public static string? ArchOfRelease(string release) => Architectures.OfRelease(release);

    /// <summary>The versions to try for a version, the likeliest first: itself, then what archives file it under.</summary>
    public static IEnumerable<string> VersionsToTry(string? distro, string version)
    {
        yield return version;
        // BTFHub files Amazon Linux 1 (VERSION_ID 2018.03) under 1, DataDog's fork under 2018.
        if (distro is null or "amzn" && version == "2018.03") yield return "1";
        // BTFHub keeps the major version alone for the Red Hat family (7.9 is under 7).
        if (version.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot) yield return version[..dot];
    }

    /// <summary>The id of a kernel.</summary>
    public static string Id(string distro, string version, string arch, string release) => $"{distro}/{version}/{arch}/{release}";

    /// <summary>What is wrong with a part of a name; null where nothing is. The alphabet is that of file names everywhere: parts become paths.</summary>
    /// <param name="part">What it is called in the message.</param>
    /// <param name="text">Its text.</param>
    public static string? Fault(string part, string text)
    {
        if (text.Length == 0) return $"{part} is empty";
        if (text.Length > MaxLength) return $"{part} has {text.Length} characters, at most {MaxLength} are allowed";
        if (text[0] == '.') return $"{part} '{text}' begins with a dot";
        var bad = text.AsSpan().IndexOfAnyExcept(Alphabet);
        return bad < 0 ? null : $"{part} holds {Shown(text[bad])} at position {bad}; letters, digits and ._+~- are allowed";
    }

    private static readonly System.Buffers.SearchValues<char> Alphabet =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+~-");

    private static string Shown(char c) => c is > ' ' and < '\x7f' ? $"'{c}'" : $"U+{(int)c:X4}";

    private static string Plain(string text) => text.Trim().Trim('"', '\'').Trim().ToLowerInvariant();
}
