using System.Text;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>One suite of a repository of Debian's kind; every file of it can be wrong.</summary>
internal sealed class AptRepository(FileServer server)
{
    private readonly StringBuilder _packages = new();

    /// <summary>The name of the suite.</summary>
    public string Suite { get; init; } = "bookworm";

    /// <summary>The version of the distribution in Release.</summary>
    public string Version { get; init; } = "12.15";

    /// <summary>The digest that the index gives each package; null: the right one.</summary>
    public string? PackageDigest { get; set; }

    /// <summary>The compression of the index.</summary>
    public string Packing { get; set; } = "xz";

    /// <summary>More fields of Release.</summary>
    public string Fields { get; set; } = "";

    /// <summary>Signs Release; null: with something that is no signature.</summary>
    public Func<string, string>? Sign { get; set; }

    /// <summary>A kernel package with this BTF.</summary>
    public static byte[] Package(string release, byte[] btf, params (string Path, byte[] Bytes)[] files)
    {
        var image = TinyElf.Vmlinux(btf, $"Linux version {release} (debian-kernel@lists.debian.org) (gcc) #1 SMP Debian 6.1.147-1" + new string('x', 5000));
        // Large enough not to be taken for one that only depends on others.
        var padding = new byte[80 << 10];
        new Random(1).NextBytes(padding);
        return TinyPackage.Deb("gzip", TinyPackage.Control, [($"./boot/vmlinuz-{release}", Pack.Gzip(image)), .. files, ("./usr/share/doc/x", padding)]);
    }

    /// <summary>Adds a package to the index, and to the pool.</summary>
    public void Add(string name, byte[] package, string? file = null, long? sizeBytes = null)
    {
        file ??= $"pool/main/l/linux/{name}_6.1.147-1_amd64.deb";
        _packages.Append($"Package: {name}\nVersion: 6.1.147-1\nArchitecture: amd64\nDescription: Linux\n a kernel\nFilename: {file}\n")
            .Append($"Size: {sizeBytes ?? package.Length}\nSHA256: {PackageDigest ?? Digest.Of(package).Hex}\n\n");
        server.Send($"/debian/{file}", package);
    }

    /// <summary>Writes the index and Release.</summary>
    /// <param name="index">The index as sent; null: as Release names it.</param>
    /// <param name="named">The bytes that Release gives the size and digest of; null: the index.</param>
    public void Publish(byte[]? index = null, byte[]? named = null)
    {
        var end = Packing switch { "none" => "", "gzip" => ".gz", "zstd" => ".zst", var other => "." + other };
        named ??= index ?? Pack.As(Packing, Encoding.UTF8.GetBytes(_packages.ToString()));
        var path = $"main/binary-amd64/Packages{end}";
        var release = $"Origin: Debian\nCodename: {Suite}\nVersion: {Version}\n{Fields}SHA256:\n {Digest.Of(named).Hex} {named.Length} {path}\n";
        server.Send($"/debian/dists/{Suite}/InRelease", Encoding.UTF8.GetBytes(Sign?.Invoke(release) ?? Unsigned(release)));
        server.Send($"/debian/dists/{Suite}/{path}", index ?? named);
        server.Send($"/debian/dists/{Suite}/main/binary-amd64/by-hash/SHA256/{Digest.Of(named).Hex}", index ?? named);
    }

    /// <summary>The settings of a source for it.</summary>
    public (string Key, string Value)[] Settings(params (string Key, string Value)[] more) =>
    [
        .. new[]
        {
            ("Type", "apt"), ("Name", "debian"), ("Url", server.Url + "/debian"), ("Suites", Suite), ("Architectures", "amd64"),
            ("Distro", "debian"),
        }.Concat(more.Where(m => !m.Key.Contains(':', StringComparison.Ordinal))).Select(s => ($"Archive:Upstream:Sources:0:{s.Item1}", s.Item2)),
        .. more.Where(m => m.Key.Contains(':', StringComparison.Ordinal)),
    ];

    private static string Unsigned(string release) =>
        $"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{release}-----BEGIN PGP SIGNATURE-----\n\nnone\n-----END PGP SIGNATURE-----\n";
}
