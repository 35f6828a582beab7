using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Relo.Archive.Naming;

/// <summary>
/// The one table of architecture names: kernel archives, packages, compilers and <c>uname -m</c> spell them differently. Ours is that of
/// <c>uname -m</c>, but <c>arm64</c> for <c>aarch64</c>.
/// </summary>
public static partial class Architectures
{
    // Our spelling first, then the others: dpkg's, rpm's, Go's, and the older machines that run the same kernels.
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

    // Ends of releases that name an architecture in a way that no other text does: Debian's and Raspberry Pi's flavours.
    private static readonly (Regex End, string Arch)[] Flavours =
    [
        (I686(), "i686"), (Armmp(), "armv7l"), (RaspberryPi64(), "arm64"), (RaspberryPi32(), "armv7l"),
    ];

    private static readonly FrozenDictionary<string, string> Spellings = Table
        .Select(group => group.Split(' '))
        .SelectMany(group => group.Select(spelling => KeyValuePair.Create(spelling, group[0])))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Each name that has another spelling here, with that spelling.</summary>
    public static IEnumerable<(string Name, string Spelling)> Aliases => Spellings.Where(s => s.Key != s.Value).Select(s => (s.Key, s.Value)).Order();

    /// <summary>The architecture in our spelling; null where the word names none.</summary>
    public static string? Find(string word) => Spellings.GetValueOrDefault(word);

    /// <summary>The architecture that a release names (<c>….el8.x86_64</c>, <c>…-cloud-amd64</c>, <c>….aarch64+64k</c>, <c>…-686-pae</c>); null where it names none.</summary>
    public static string? OfRelease(string release)
    {
        // From the right; x86-64 is one name of two words.
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
    /// The architectures that the machine which built a kernel, or its compiler, builds for: <c>aarch64-linux-gnu-gcc-12</c>,
    /// <c>buildd@bos03-arm64-011</c>, <c>buildozer@build-3-20-x86_64</c>. Empty where the text says nothing. Builders build for 32 bits too.
    /// </summary>
    public static IReadOnlyList<string> OfBuildText(string text)
    {
        if (CrossCompiler().Match(text) is { Success: true } compiler && Find(compiler.Groups[1].Value) is { } target) return [target];
        if (BuildHost().Match(text) is not { Success: true } host || Find(host.Groups[1].Value) is not { } machine) return [];
        return machine switch { "x86_64" => ["x86_64", "i686"], "arm64" => ["arm64", "armv7l"], _ => [machine] };
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

    [GeneratedRegex(@"\((?:buildd@[a-z0-9]+|buildozer@build-[\da-z-]+?)-(amd64|arm64|ppc64el|s390x|riscv64|x86_64|aarch64|ppc64le|armv7|armhf|x86)", RegexOptions.CultureInvariant)]
    private static partial Regex BuildHost();
}
