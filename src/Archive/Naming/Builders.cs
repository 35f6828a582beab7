using System.Text.RegularExpressions;

namespace Relo.Archive.Naming;

/// <summary>
/// The table of kernel builders and how to recognise each: by a mark in the release (<c>.amzn2</c>, <c>-kali9</c>), by the banner of
/// <c>uname -a</c> and <c>/proc/version</c>, or by the vendor or maintainer of a package. The first match wins, so a distribution that
/// rebuilds another's kernels comes before it. Compiler names do not count: anybody may use Debian's compiler.
/// </summary>
internal static class Builders
{
    /// <param name="Distro">os-release <c>ID</c> of the builder.</param>
    /// <param name="Pattern">Its mark; the group <c>v</c> is the version.</param>
    /// <param name="Version">Converts the group to os-release <c>VERSION_ID</c>; null leaves it unchanged.</param>
    public sealed record Indicator(string Distro, Regex Pattern, Func<string, string?>? Version = null)
    {
        public KernelOrigin? Read(string text)
        {
            if (Pattern.Match(text) is not { Success: true } match) return null;
            var version = match.Groups["v"] is { Success: true } group ? Version is null ? group.Value : Version(group.Value) : null;
            return new(Distro, version);
        }
    }

    /// <summary>Marks in releases. <c>.elN</c> alone is not listed, because many distributions use it.</summary>
    public static readonly Indicator[] InRelease =
    [
        Of("ol", @"\.el(?<v>\d+)[\w.]*uek"), Of("elrepo", @"\.elrepo\b"), Of("cloudlinux", @"\.lve\d*\.|\.cloudlinux"),
        Of("virtuozzo", @"\.vz\d"),
        Of("amzn", @"\.amzn(?<v>\d+)"), Of("fedora", @"\.fc(?<v>\d+)"), Of("azurelinux", @"\.azl(?<v>\d+)", DotZero),
        Of("mariner", @"\.cm(?<v>\d+)\b", DotZero),
        Of("photon", @"\.ph(?<v>\d+)", DotZero), Of("mageia", @"\.mga(?<v>\d+)"), Of("altlinux", @"-alt\d"),
        Of("bclinux", @"\.bclinux|\.bc\d"), Of("ctyunos", @"\.ctl\d"), Of("kylin", @"\.ky(?<v>\d+)", v => "v" + v),
        Of("uos", @"\.uelc?\d|-uos\b"),
        Of("euleros", @"\.euleros"), Of("hce", @"\.hce(?<v>\d)", DotZero), Of("openeuler", @"\.oe(?<v>\d+)", OpenEuler),
        Of("anolis", @"\.an(?<v>\d+)\b"),
        Of("alinux", @"\.al(?<v>\d)\b", v => v == "8" ? "3" : null), Of("tencentos", @"\.tl\d|tlinux\d"),
        Of("opensuse-leap", @"-lp(?<v>15\d)\.", v => $"{v[..2]}.{v[2]}"), Of("sles", @"-(?<v>1[56]0\d)00\.", v => $"{v[..2]}.{v[3]}"),
        Of("kali", @"-kali\d*\b"), Of("parrot", @"parrot"), Of("debian", @"[+.]deb(?<v>\d+)|[+.]bpo"),
        Of("raspbian", @"\+rpt|-rpi\d*-|-v[78]l?(-16k)?\+$"),
        Of("proxmox", @"-pve$"), Of("wsl", @"-microsoft"), Of("android", @"-android\d+\b"), Of("pop", @"-76\d{6}-"),
        Of("tuxedo", @"-tuxedo$"),
        Of("arch", @"-arch\d"), Of("manjaro", @"-manjaro"), Of("cachyos", @"-cachyos"), Of("steamos", @"-valve\d|-neptune"),
        Of("gentoo", @"-gentoo"),
        Of("flatcar", @"-flatcar$"), Of("coreos", @"-coreos"), Of("talos", @"-talos$"), Of("truenas", @"\+truenas"),
        Of("unraid", @"-unraid"),
        Of("linuxkit", @"-linuxkit"), Of("gardenlinux", @"gardenlinux"), Of("vyos", @"-vyos$"), Of("rancheros", @"-rancher|-burmilla"),
        Of("zabbly", @"[+-]zabbly"),
        Of("liquorix", @"-liquorix"), Of("xanmod", @"-xanmod"), Of("siduction", @"-siduction"), Of("l4t", @"-tegra$"),
        Of("clear-linux-os", @"-\d+\.(native|kvm|aws|ltskvm|lts\d{4})$"), Of("solus", @"-\d+\.(current|lts)$"),
    ];

    /// <summary>Marks in banners and package fields. Many compilers say "Red Hat 11.4.1-3", so Red Hat's mark is its domain.</summary>
    public static readonly Indicator[] InText =
    [
        Of("gvisor", @"Sun Jan 10 15:06:54 PST 2016"), // gVisor's uname returns this constant; there is no kernel
        Of("kali", @"\dkali\d|\bkali\b"), Of("parrot", @"\dparrot\d|parrotsec"), Of("raspbian", @"raspberrypi|[+ ]rpt\d|\(dom@"),
        Of("proxmox", @"\bPMX \d|\bPVE \d|proxmox"),
        Of("nixos", @"-NixOS\b|\(nixbld"), Of("bottlerocket", @"bottlerocket|\(builder@buildkitsandbox"),
        Of("talos", @"talos|\(@buildkitsandbox"),
        Of("android", @"\(Android|android-build@|\(build-user@build-host|\bandroid\.com"), Of("wsl", @"#\d+-Microsoft|-msft-linux"),
        Of("mariner", @"CBL-Mariner"), Of("azurelinux", @"azurelinux|Azure Linux"), Of("photon", @"\(root@photon|VMware Photon"),
        Of("alpine", @"\(buildozer@build-(?<v>\d+-\d+)|-Alpine\b", v => v.Replace('-', '.')), Of("arch", @"@archlinux\b"),
        Of("manjaro", @"manjaro"),
        Of("void", @"\(voidlinux"), Of("slackware", @"slackware"), Of("cos", @"Chromium OS|\bGoogle COS\b|chromeos"),
        Of("flatcar", @"flatcar|kinvolk"),
        Of("coreos", @"@[\w.-]*coreos\b"), Of("synology", @"\bsynology_"), Of("qnap", @"\bqnap\b"), Of("openwrt", @"OpenWrt"),
        Of("truenas", @"truenas"), Of("unraid", @"unraid"),
        Of("linuxkit", @"linuxkit"), Of("pop", @"#\d{12}~\d+~(?<v>\d\d\.\d\d)~"),
        Of("ubuntu", @"-Ubuntu\b|ubuntu\.com|\bUbuntu \d+\.\d+\.\d+-\d+\.\d+\S*-[a-z]\S* \d"),
        Of("elrepo", @"elrepo\.org|\belrepo\b"), Of("cloudlinux", @"cloudlinux"), Of("almalinux", @"almalinux"),
        Of("rocky", @"rockylinux|Rocky Enterprise"),
        Of("centos", @"centos\.org|CentOS|\.stream\.[\w.]*redhat\.com"), Of("scientific", @"\bfnal\.gov|Scientific Linux"),
        Of("ol", @"Oracle America|\boracle\.com"),
        Of("fedora", @"fedoraproject\.org|Fedora Project"), Of("amzn", @"\bamazon\.com|Amazon Linux"), Of("opensuse-leap", @"openSUSE"),
        Of("sles", @"SUSE LLC|\(geeko@buildhost"),
        Of("rhel", @"redhat\.com|Red Hat, Inc\."), Of("mageia", @"mageia\.org"), Of("openeuler", @"openeuler"), Of("kylin", @"kylin"),
        Of("anolis", @"anolis"),
        Of("liquorix", @"liquorix\.net"), Of("zabbly", @"zabbly"), Of("debian", @"debian-kernel@lists\.debian\.org| Debian \d"),
    ];

    private static Indicator Of(string distro, string pattern, Func<string, string?>? version = null) =>
        new(distro, new(pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture), version);

    private static string DotZero(string major) => major + ".0";

    // oe1 is 20.03; oe2203 and oe2203sp1 are 22.03.
    private static string? OpenEuler(string digits) => digits == "1" ? "20.03" : digits.Length == 4 ? $"{digits[..2]}.{digits[2..]}" : null;
}
