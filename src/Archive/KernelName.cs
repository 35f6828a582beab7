using System.Collections.Frozen;

namespace Relo.Archive;

/// <summary>
/// The one place that knows how the parts of a kernel's name are spelt. Consumers of BTF archives disagree on nearly all of it
/// (quotes of os-release, aarch64 or arm64, 7 or 7.9, amazon or amzn), so everything is brought to one spelling on its way in.
/// </summary>
public static class KernelName
{
    /// <summary>Distribution of kernels of which nobody said one.</summary>
    public const string CustomDistro = "custom";

    /// <summary>Version of kernels of which nobody said one.</summary>
    public const string LocalVersion = "local";

    /// <summary>No part of a name is longer.</summary>
    public const int MaxLength = 128;

    // Our spelling first, then the others that a folder or a text may use.
    private static readonly FrozenDictionary<string, string> Arches = Spellings(
        StringComparer.OrdinalIgnoreCase,
        "x86_64 amd64 x64 x86-64", "arm64 aarch64", "i386", "i486", "i586", "i686", "arm", "armv6l", "armv7l", "armhf",
        "ppc64le", "ppc64", "s390x", "riscv64", "loongarch64", "mips", "mips64", "sparc64");

    private static readonly FrozenDictionary<string, string> Distros = Spellings(
        StringComparer.Ordinal,
        "amzn amazon", "rhel redhat", "ol oracle oraclelinux", "sles suse", "almalinux alma", "rocky rockylinux");

    private static readonly FrozenSet<string> RedHatFamily = FrozenSet.ToFrozenSet(["rhel", "centos", "rocky", "almalinux", "ol"], StringComparer.Ordinal);

    /// <summary>The architecture in our spelling: <c>x86_64</c>, <c>arm64</c>, others as <c>uname -m</c>.</summary>
    public static string Arch(string text)
    {
        var plain = Plain(text);
        return Arches.GetValueOrDefault(plain, plain);
    }

    /// <summary>The distribution in our spelling: os-release <c>ID</c>.</summary>
    public static string Distro(string text)
    {
        var plain = Plain(text);
        return Distros.GetValueOrDefault(plain, plain);
    }

    /// <summary>The version in our spelling: os-release <c>VERSION_ID</c> without quotes, lower case.</summary>
    public static string Version(string text) => Plain(text);

    /// <summary>The release as <c>uname -r</c> prints it: only white space around it goes.</summary>
    public static string Release(string text) => text.Trim();

    /// <summary>Whether the text names an architecture, in any spelling.</summary>
    public static bool IsArch(string text) => Arches.ContainsKey(text);

    /// <summary>The architecture that a release ends in (<c>….el8.x86_64</c>, <c>…-cloud-amd64</c>); null where it tells none.</summary>
    public static string? ArchOfRelease(string release)
    {
        // From the right: x86_64 and x86-64 hold no dot, and no architecture's name is the tail of another one behind '.' or '-' or '+'.
        for (var at = release.Length - 1; at > 0; at--)
            if (release[at] is '.' or '-' or '+' && Arches.TryGetValue(release[(at + 1)..], out var arch)) return arch;
        return null;
    }

    /// <summary>The versions to try for a version, the likeliest first: itself, then what archives file it under.</summary>
    public static IEnumerable<string> VersionsToTry(string? distro, string version)
    {
        yield return version;
        // BTFHub files Amazon Linux 1 (VERSION_ID 2018.03) under 1, DataDog's fork under 2018.
        if (distro is null or "amzn" && version == "2018.03") yield return "1";
        // BTFHub keeps the major version alone for the Red Hat family (7.9 is under 7).
        if (version.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot) yield return version[..dot];
    }

    /// <summary>
    /// The distributions whose kernel of the very same release may stand in, because all are rebuilt from Red Hat's source (<c>.elN</c>).
    /// Oracle's own kernels (<c>uek</c>) are built by Oracle alone.
    /// </summary>
    public static bool AreRebuilds(string distro, string other, string release) =>
        RedHatFamily.Contains(distro) && RedHatFamily.Contains(other)
        && release.Contains(".el", StringComparison.Ordinal) && !release.Contains("uek", StringComparison.Ordinal);

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

    private static FrozenDictionary<string, string> Spellings(StringComparer comparer, params IEnumerable<string> groups) => groups
        .Select(group => group.Split(' '))
        .SelectMany(spellings => spellings.Select(spelling => KeyValuePair.Create(spelling, spellings[0])))
        .ToFrozenDictionary(comparer);

    private static string Plain(string text) => text.Trim().Trim('"', '\'').Trim().ToLowerInvariant();
}
