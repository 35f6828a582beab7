using Relo.Archive.Tests.Fixtures;

namespace Relo.SystemTests.Sources;

/// <summary>
/// A repository of Debian's kind with the suite <c>bookworm</c>: packages by dpkg-deb, indexes by apt-ftparchive, signed by gpg.
/// </summary>
internal sealed class AptFtpArchive : IDisposable
{
    private const string Suite = "dists/bookworm";

    /// <summary>The programs that make it.</summary>
    public static readonly string[] Programs = ["dpkg-deb", "apt-ftparchive", "gpg", "gpgv"];

    private readonly string _work = Directory.CreateTempSubdirectory("relo-apt-").FullName;

    public AptFtpArchive() => Directory.CreateDirectory(Path.Combine(Folder, Suite, "main/binary-amd64"));

    /// <summary>A copy of its packages, not published.</summary>
    public AptFtpArchive Copy()
    {
        var copy = new AptFtpArchive();
        Tool.CopyFolder(Folder, copy.Folder);
        return copy;
    }

    /// <summary>The root of the repository.</summary>
    public string Folder => Path.Combine(_work, "repository");

    /// <summary>The index that is read: the best compressed.</summary>
    public string Index => Path.Combine(Folder, Suite, "main/binary-amd64/Packages.xz");

    /// <summary>The file of a package in the pool.</summary>
    public string PoolFile(string name) => Directory.GetFiles(Folder, name + "_*.deb", SearchOption.AllDirectories).Single();

    /// <summary>Adds a package with these files to the pool.</summary>
    public async Task AddAsync(string name, string version, params (string Path, byte[] Bytes)[] files)
    {
        var tree = Path.Combine(_work, "trees", name);
        var control = $"Package: {name}\nVersion: {version}\nArchitecture: amd64\nMaintainer: Debian Kernel Team "
            + "<debian-kernel@lists.debian.org>\nSection: kernel\nPriority: optional\nDescription: Linux\n a kernel\n";
        foreach (var (path, bytes) in files.Append(("DEBIAN/control", System.Text.Encoding.ASCII.GetBytes(control))))
        {
            var file = Path.Combine(tree, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, bytes);
        }

        var pool = Directory.CreateDirectory(Path.Combine(Folder, "pool/main/l/linux")).FullName;
        await Tool.RunAsync(_work, "dpkg-deb", "--root-owner-group", "--build", tree, pool);
    }

    /// <summary>Writes the indexes and Release.</summary>
    /// <param name="gpg">The keys.</param>
    /// <param name="who">Whose key signs.</param>
    /// <param name="isInline">Whether InRelease contains the signature, or Release.gpg.</param>
    public async Task PublishAsync(GpgHome gpg, string who, bool isInline)
    {
        await File.WriteAllTextAsync(Path.Combine(_work, "conf"), $$"""
            Dir { ArchiveDir "{{Folder}}"; CacheDir "{{_work}}"; };
            Default { Packages::Compress ". gzip xz"; };
            Tree "{{Suite}}" { Sections "main"; Architectures "amd64"; Directory "pool/main"; };
            """);
        await Tool.RunAsync(Folder, "apt-ftparchive", "generate", Path.Combine(_work, "conf"));
        const string field = "APT::FTPArchive::Release::";
        var release = await Tool.RunAsync(
            Folder, "apt-ftparchive", "-o", field + "Codename=bookworm", "-o", field + "Version=12.15", "-o", field + "Origin=Debian",
            "-o", field + "Acquire-By-Hash=yes", "release", Suite);
        Write(isInline ? "InRelease" : "Release", isInline ? gpg.Signed(who, release) : release);
        if (!isInline) Write("Release.gpg", gpg.Signature(who, release));

        void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, Suite, name), text);
    }

    /// <summary>Changes a byte in the middle of a file, and in its copies under by-hash.</summary>
    public void Damage(string file)
    {
        var before = File.ReadAllBytes(file);
        byte[] after = [.. before];
        after[after.Length / 2] ^= 1;
        foreach (var copy in Directory.GetFiles(Folder, "*", SearchOption.AllDirectories))
            if (File.ReadAllBytes(copy).AsSpan().SequenceEqual(before)) File.WriteAllBytes(copy, after);
    }

    public void Dispose() => Directory.Delete(_work, recursive: true);
}
