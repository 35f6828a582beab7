using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Relo.Archive.Naming;

/// <summary>
/// The table of architecture names. Kernel archives, packages, compilers and <c>uname -m</c> spell them differently; the canonical
/// spelling is that of <c>uname -m</c>, except <c>arm64</c> for <c>aarch64</c>.
/// </summary>
public static partial class Architectures
{
    // The canonical name first, then its aliases: dpkg's, rpm's, Go's, and older machines that run the same kernels.
    private static readonly string[] Table =
    [
        "x86_64 amd64 x64 x86-64 em64t",
        "arm64 aarch64 armv8l", // armv8l: a 32-bit process on a 64-bit kernel
        "i686 i386 i486 i586 x86_32 ia32",
        "armv7l armhf armhfp armv7 armv7a armv7hl armv7hnl arm",
        "armv6l armv6 armv6hl",
        "armv5tel armel armv5tejl armv5te",
        "ppc64le ppc64el powerpc64le",
        "ppc64 powerpc64",
        "ppc powerpc",
        "s390x",
        "riscv64",
        "loongarch64 loong64",
        "mips64", "mips64el mips64le", "mips", "mipsel mipsle",
        "sparc64", "parisc64", "ia64",
    ];

    // Release suffixes that imply an architecture: flavours of Debian and Raspberry Pi.
    private static readonly (Regex End, string Arch)[] Flavours =
    [
        (I686(), "i686"), (Armmp(), "armv7l"), (RaspberryPi64(), "arm64"), (RaspberryPi32(), "armv7l"),
    ];

    private static readonly FrozenDictionary<string, string> Spellings = Table
        .Select(group => group.Split(' '))
        .SelectMany(group => group.Select(spelling => KeyValuePair.Create(spelling, group[0])))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every alias with its canonical name.</summary>
    public static IEnumerable<(string Name, string Spelling)> Aliases =>
        Spellings.Where(s => s.Key != s.Value).Select(s => (s.Key, s.Value)).Order();

    /// <summary>The canonical name of an architecture; null if the word is not one.</summary>
    public static string? Find(string word) => Spellings.GetValueOrDefault(word);

    /// <summary>
    /// The architecture that a release names (<c>….el8.x86_64</c>, <c>…-cloud-amd64</c>, <c>….aarch64+64k</c>,
    /// <c>…-686-pae</c>); null if it names none.
    /// </summary>
    public static string? OfRelease(string release)
    {
        // Right to left. "x86-64" contains a separator itself.
        var end = release.Length;
        for (var at = release.Length - 1; at > 0; at--)
        {
            if (release[at] is not ('.' or '-' or '+')) continue;
            if (Find(release[(at + 1)..end]) is { } arch) return arch;
            if (release[(at + 1)..end] == "64" && release[..at].EndsWith("x86", StringComparison.Ordinal)) return Find("x86-64");
            end = at;
        }

        foreach (var (flavour, arch) in Flavours)
            if (flavour.IsMatch(release)) return arch;
        return null;
    }

    /// <summary>
    /// The architectures that a kernel's compiler or build host can build for: <c>aarch64-linux-gnu-gcc-12</c>,
    /// <c>buildd@bos03-arm64-011</c>, <c>buildozer@build-3-20-x86_64</c>. 64-bit hosts also build 32-bit kernels. Empty if the text names
    /// neither.
    /// </summary>
    public static IReadOnlyList<string> OfBuildText(string text)
    {
        if (CrossCompiler().Match(text) is { Success: true } compiler && Find(compiler.Groups[1].Value) is { } target) return [target];
        if (BuildHost().Match(text) is not { Success: true } host) return [];
        // Alpine's 32-bit builder. As a word, "x86" may mean either width.
        var machine = host.Groups[1].Value is "x86" ? "i686" : Find(host.Groups[1].Value);
        return machine switch { null => [], "x86_64" => ["x86_64", "i686"], "arm64" => ["arm64", "armv7l"], _ => [machine] };
    }

    [GeneratedRegex(@"(-686|-i686|-686-pae|-pae)$", RegexOptions.CultureInvariant)]
    private static partial Regex I686();

    [GeneratedRegex(@"-armmp(-lpae)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Armmp();

    [GeneratedRegex(@"(-v8(-16k)?\+|-rpi-v8|-rpi-2712)$", RegexOptions.CultureInvariant)]
    private static partial Regex RaspberryPi64();

    [GeneratedRegex(@"(-v7l?\+|-rpi-v7l?)$", RegexOptions.CultureInvariant)]
    private static partial Regex RaspberryPi32();

    [GeneratedRegex(@"[( ]([a-z0-9_]+)(?:-[a-z0-9_]+)*-linux(?:-[a-z0-9]+)*-(?:gcc|clang|ld)", RegexOptions.CultureInvariant)]
    private static partial Regex CrossCompiler();

    [GeneratedRegex(
        @"\((?:buildd@[a-z0-9]+|buildozer@build-[\da-z-]+?)-(amd64|arm64|ppc64el|s390x|riscv64|x86_64|aarch64|ppc64le|armv7|armhf|x86)",
        RegexOptions.CultureInvariant)]
    private static partial Regex BuildHost();
}
