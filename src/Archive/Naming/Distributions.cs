using System.Collections.Frozen;
using System.Globalization;

namespace Relo.Archive.Naming;

/// <summary>
/// The table of distributions: which names are aliases, and which distributions run kernels that another one built. Names are os-release
/// <c>ID</c>s and the folder names that archives use.
/// </summary>
public static class Distributions
{
    /// <summary>The distribution of kernels added without one.</summary>
    public const string Custom = "custom";

    private const string RedHat = "rhel", Suse = "sles", Ubuntu = "ubuntu", Debian = "debian";

    // Aliases; the first name of each group is the canonical one.
    private static readonly FrozenDictionary<string, string> Spellings = Groups(
        "amzn amazon", "rhel redhat", "ol oracle oraclelinux", "sles suse", "almalinux alma", "rocky rockylinux");

    // Who builds a distribution's kernels. The first word is the builder, as in Builders; the others run its kernels, or are other names
    // under which archives file them.
    private static readonly FrozenDictionary<string, string> BuilderNames = Groups(
        "ubuntu ubuntu-core kubuntu xubuntu lubuntu linuxmint elementary zorin neon",
        "debian devuan mx lmde sparky antix bunsenlabs",
        "rhel rhcos", "centos centos-stream scos", "rocky", "almalinux", "ol", "scientific sl", "eurolinux", "miraclelinux", "elrepo",
        "cloudlinux", "virtuozzo",
        "fedora fedora-asahi-remix ultramarine", "amzn", "bottlerocket", "azurelinux azure-linux", "mariner cbl-mariner", "photon",
        "sles sles_sap sle_hpc sled sle-micro sl-micro opensuse opensuse-leap opensuse-tumbleweed opensuse-microos opensuse-leap-micro",
        "kali kali-linux", "parrot parrotos", "raspbian raspios raspberrypi raspberrypios", "proxmox pve proxmox-ve", "pop pop-os pop_os",
        "tuxedo",
        "nixos nix", "arch archlinux archarm endeavouros artix",
        "manjaro", "cachyos", "steamos", "gentoo", "alpine", "void voidlinux", "slackware", "mageia",
        "altlinux alt", "solus", "clear-linux-os clearlinux",
        "cos container-optimized-os chromeos chromiumos", "flatcar", "coreos", "talos talos-linux",
        "synology dsm", "qnap qts", "openwrt", "truenas", "unraid", "linuxkit docker-desktop", "wsl wsl2 microsoft",
        "android android-gki gki aosp",
        "gvisor", "kylin", "uos deepin", "openeuler", "euleros", "hce", "anolis anolisos", "alinux", "tencentos tlinux opencloudos",
        "bclinux", "ctyunos",
        "xcp-ng xenserver", "vyos", "gardenlinux", "rancheros", "zabbly", "liquorix", "xanmod", "siduction", "l4t");

    private static readonly FrozenSet<string> RedHatRebuilds =
        FrozenSet.ToFrozenSet(
            [RedHat, "centos", "rocky", "almalinux", "ol", "rhcos", "scos", "scientific", "eurolinux", "miraclelinux"],
            StringComparer.Ordinal);

    /// <summary>Distributions rebuilt from Red Hat's source, those with the most kernels in archives first.</summary>
    public static IReadOnlyList<string> RebuildsInArchives { get; } = [RedHat, "centos", "ol", "rocky", "almalinux"];

    /// <summary>Every alias with its canonical name.</summary>
    public static IEnumerable<(string Name, string Spelling)> Aliases =>
        Spellings.Where(s => s.Key != s.Value).Select(s => (s.Key, s.Value)).Order();

    /// <summary>The canonical name of a distribution; the name itself if it is not in the table.</summary>
    public static string Spelling(string name) => Spellings.GetValueOrDefault(name, name);

    /// <summary>Who builds a distribution's kernels; null if unknown.</summary>
    public static string? BuilderOf(string distro) => BuilderNames.GetValueOrDefault(distro);

    /// <summary>
    /// Whether one distribution's kernel can stand in for another's of the same release. Red Hat's family rebuilds Red Hat's source
    /// (<c>.elN</c>), and SUSE's distributions share one build (<c>-150400.</c>). Oracle's UEK and ELRepo's kernels have no rebuilds.
    /// </summary>
    public static bool AreRebuilds(string distro, string other, string release) =>
        (RedHatRebuilds.Contains(distro) && RedHatRebuilds.Contains(other) && IsRedHatSource(release))
        || (BuilderOf(distro) == Suse && BuilderOf(other) == Suse && release.Contains("-150", StringComparison.Ordinal));

    /// <summary>Whether a release is built from Red Hat's source, which many distributions rebuild.</summary>
    public static bool IsRedHatSource(string release) =>
        release.Contains(".el", StringComparison.Ordinal) && KernelOrigin.OfRelease(release).Distro is null;

    /// <summary>
    /// The distribution whose kernels a derived distribution runs unchanged, and its version; null if there is none. The version is null
    /// if only the release determines it.
    /// </summary>
    public static (string Distro, string? Version)? BaseOf(string distro, string version) => distro switch
    {
        // Mint is based on Ubuntu; versions below 17 are LMDE's, which is based on Debian.
        "linuxmint" => Major(version) switch
        {
            17 => (Ubuntu, "14.04"),
            18 => (Ubuntu, "16.04"),
            19 => (Ubuntu, "18.04"),
            20 => (Ubuntu, "20.04"),
            21 => (Ubuntu, "22.04"),
            22 => (Ubuntu, "24.04"),
            3 => (Debian, "9"),
            4 => (Debian, "10"),
            5 => (Debian, "11"),
            6 => (Debian, "12"),
            7 => (Debian, "13"),
            _ => null,
        },
        "elementary" => Major(version) switch
        {
            5 => (Ubuntu, "18.04"),
            6 => (Ubuntu, "20.04"),
            7 => (Ubuntu, "22.04"),
            8 => (Ubuntu, "24.04"),
            _ => null,
        },
        "zorin" => Major(version) switch
        {
            15 => (Ubuntu, "18.04"),
            16 => (Ubuntu, "20.04"),
            17 => (Ubuntu, "22.04"),
            18 => (Ubuntu, "24.04"),
            _ => null,
        },
        "neon" => (Ubuntu, version),
        "ubuntu-core" => (Ubuntu, version + ".04"),
        "devuan" => Major(version) switch { 3 => (Debian, "10"), 4 => (Debian, "11"), 5 => (Debian, "12"), 6 => (Debian, "13"), _ => null },
        "rhcos" => (RedHat, null), // its versions are OpenShift's
        "scos" => ("centos", null),
        "sles_sap" or "sle_hpc" or "sled" => (Suse, version),
        "sle-micro" or "sl-micro" => (Suse, null),
        _ => null,
    };

    private static int Major(string version)
    {
        var end = version.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? dot : version.Length;
        return int.TryParse(version.AsSpan(0, end), CultureInfo.InvariantCulture, out var major) ? major : -1;
    }

    private static FrozenDictionary<string, string> Groups(params IEnumerable<string> groups) => groups
        .Select(group => group.Split(' '))
        .SelectMany(names => names.Select(name => KeyValuePair.Create(name, names[0])))
        .ToFrozenDictionary(StringComparer.Ordinal);
}
