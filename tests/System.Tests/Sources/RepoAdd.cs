using System.Globalization;
using Relo.Archive.Tests.Fixtures;

namespace Relo.SystemTests.Sources;

/// <summary>A repository of Arch's kind: packages by bsdtar, the database by repo-add, each package signed by gpg.</summary>
internal sealed class RepoAdd : IDisposable
{
    /// <summary>The programs that make it.</summary>
    public static readonly string[] Programs = ["repo-add", "bsdtar", "gpg", "gpgv"];

    private const string Arch = "x86_64";

    private readonly string _work = Directory.CreateTempSubdirectory("relo-pacman-").FullName;

    public RepoAdd() => Directory.CreateDirectory(Packages);

    /// <summary>A copy of its packages, not published.</summary>
    public RepoAdd Copy()
    {
        var copy = new RepoAdd();
        Tool.CopyFolder(Folder, copy.Folder);
        return copy;
    }

    /// <summary>The root of the server.</summary>
    public string Folder => Path.Combine(_work, "server");

    /// <summary>The file of a package.</summary>
    public string PackageFile(string name) => Directory.GetFiles(Packages, $"{name}-*.zst").Single();

    private string Packages => Path.Combine(Folder, "core", "os", Arch);

    /// <summary>Builds the package of a kernel.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="release"><c>uname -r</c> of the kernel.</param>
    /// <param name="files">The files of /usr/lib/modules/&lt;release&gt;.</param>
    public async Task AddAsync(string name, string version, string release, params (string Path, byte[] Bytes)[] files)
    {
        var tree = Path.Combine(_work, "trees", name);
        foreach (var (path, bytes) in files)
        {
            var file = Path.Combine(tree, "usr/lib/modules", release, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, bytes);
        }

        await File.WriteAllTextAsync(Path.Combine(tree, ".PKGINFO"), string.Create(CultureInfo.InvariantCulture, $"""
            pkgname = {name}
            pkgbase = {name}
            pkgver = {version}
            pkgdesc = The Linux kernel
            url = https://example.org
            builddate = 1732000000
            packager = owner <owner@example.org>
            size = 1000000
            arch = {Arch}
            license = GPL-2.0-only

            """));
        var package = Path.Combine(Packages, $"{name}-{version}-{Arch}.pkg.tar.zst");
        await Tool.RunAsync(tree, "bsdtar", "--zstd", "-cf", package, ".PKGINFO", "usr");
    }

    /// <summary>Signs the packages and writes the database.</summary>
    public async Task PublishAsync(GpgHome gpg, string who, string packing)
    {
        var files = Directory.GetFiles(Packages, "*.pkg.tar.zst");
        foreach (var file in files) await File.WriteAllBytesAsync(file + ".sig", gpg.Signature(who, await File.ReadAllBytesAsync(file)));
        await Tool.RunAsync(Packages, "repo-add", ["--quiet", "core.db.tar." + packing, .. files]);
    }

    public void Dispose() => Directory.Delete(_work, recursive: true);
}
