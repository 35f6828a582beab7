using Relo.Archive.Tests.Fixtures;

namespace Relo.SystemTests.Sources;

/// <summary>A repository of Fedora's kind: packages by rpmbuild, metadata by createrepo_c, signed by gpg.</summary>
internal sealed class CreateRepo : IDisposable
{
    private const string Repodata = "repodata";

    /// <summary>The programs that make it.</summary>
    public static readonly string[] Programs = ["rpmbuild", "createrepo_c", "gpg", "gpgv"];

    private readonly string _work = Directory.CreateTempSubdirectory("relo-dnf-").FullName;

    public CreateRepo() => Directory.CreateDirectory(Packages);

    /// <summary>A copy of its packages, not published.</summary>
    public CreateRepo Copy()
    {
        var copy = new CreateRepo();
        Tool.CopyFolder(Folder, copy.Folder);
        return copy;
    }

    /// <summary>The root of the repository.</summary>
    public string Folder => Path.Combine(_work, "repository");

    /// <summary>The file that names the others.</summary>
    public string Repomd => Path.Combine(Folder, Repodata, "repomd.xml");

    /// <summary>The index of all packages.</summary>
    public string Primary => Directory.GetFiles(Path.Combine(Folder, Repodata), "*primary.xml*").Single();

    private string Packages => Path.Combine(Folder, "Packages", "k");

    /// <summary>The file of a package.</summary>
    public string PackageFile(string name) => Path.Combine(Packages, name + ".rpm");

    /// <summary>Builds the packages of a kernel: kernel-core, kernel-modules-core, and kernel, which only depends on both.</summary>
    /// <param name="version">The version of the packages.</param>
    /// <param name="build">What RPM calls their release.</param>
    /// <param name="payload">The compression, as the macro <c>_binary_payload</c> has it.</param>
    /// <param name="files">The files of /lib/modules/&lt;release&gt;; those under kernel/ are modules.</param>
    public async Task AddAsync(string version, string build, string payload, params (string Path, byte[] Bytes)[] files)
    {
        var release = $"{version}-{build}.x86_64";
        var tree = Path.Combine(_work, "trees", release);
        foreach (var (path, bytes) in files)
        {
            var file = Path.Combine(tree, "lib/modules", release, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, bytes);
        }

        var spec = Path.Combine(_work, release + ".spec");
        await File.WriteAllTextAsync(spec, $$"""
            Name: kernel
            Version: {{version}}
            Release: {{build}}
            Summary: The Linux kernel
            License: GPLv2
            Vendor: Rocky Enterprise Software Foundation
            Requires: kernel-core-uname-r = {{release}}
            %description
            The Linux kernel.
            %package core
            Summary: The Linux kernel
            %description core
            The kernel itself.
            %package modules-core
            Summary: Core kernel modules
            %description modules-core
            Its modules.
            %install
            cp -a {{tree}}/. %{buildroot}/
            %files
            %files core
            /lib/modules/{{release}}/vmlinuz
            /lib/modules/{{release}}/System.map
            %files modules-core
            /lib/modules/{{release}}/kernel
            """);
        await Tool.RunAsync(
            _work, "rpmbuild", "-bb", "--quiet", "--target", "x86_64", "--define", $"_topdir {_work}/rpm", "--define",
            $"_rpmdir {_work}/rpm/RPMS", "--define", "_build_id_links none", "--define", "debug_package %{nil}", "--define",
            "__os_install_post %{nil}", "--define", "_binary_payload " + payload, spec);
        foreach (var rpm in Directory.GetFiles(Path.Combine(_work, "rpm/RPMS/x86_64"), "*.rpm"))
            File.Move(rpm, Path.Combine(Packages, Path.GetFileName(rpm)));
    }

    /// <summary>Writes the metadata and its signature; the test is skipped if createrepo_c does not know the compression.</summary>
    public async Task PublishAsync(GpgHome gpg, string who, string packing)
    {
        string[] words = ["--quiet", "--general-compress-type", packing, Folder];
        var (status, _, error) = await Tool.TryAsync(_work, "createrepo_c", words);
        Assert.SkipWhen(error.Contains("Unknown/Unsupported compression type", StringComparison.Ordinal), $"createrepo_c: {error.Trim()}");
        Assert.True(status == 0, error);
        await File.WriteAllTextAsync(Repomd + ".asc", gpg.Signature(who, await File.ReadAllTextAsync(Repomd)));
    }

    /// <summary>Changes a byte in the middle of a file.</summary>
    public static void Damage(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    public void Dispose() => Directory.Delete(_work, recursive: true);
}
