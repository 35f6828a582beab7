using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Naming;

/// <summary>Data of a kernel's own file besides its BTF: the build-id, and the banner with the exact version.</summary>
public sealed class BuildIdTests
{
    private const string Release = "6.1.0-38-amd64", Id = "0123456789abcdef";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private static readonly byte[] Vmlinux =
        SectionedElf.Vmlinux(Release, (".notes", TinyElf.BuildIdNote(Convert.FromHexString(Id))), (".BTF", Btf));

    [Fact]
    public async Task A_kernel_is_found_by_its_build_id_also_after_a_restart()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(Vmlinux, Release);
        Assert.Equal(Release, Found(archive).Kernel.Release);
        await archive.Restart();
        Assert.Equal(Release, Found(archive).Kernel.Release);
        Assert.IsType<KernelNotFound>(archive.Resolver.Resolve(new("buildid:" + Id, Arch: "arm64")));
        Assert.IsType<KernelNotFound>(archive.Resolver.Resolve(new("buildid:ffffffff")));
    }

    [Fact]
    public async Task A_kernel_that_came_as_BTF_learns_its_build_id_from_its_file()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(Btf, Release);
        Assert.IsType<KernelNotFound>(archive.Resolver.Resolve(new("buildid:" + Id)));
        Assert.IsType<AlreadyThere>(await archive.AddAsync(Vmlinux, Release));
        Assert.Equal(Digest.Of(Btf), Found(archive).Kernel.Btf);
    }

    [Fact]
    public async Task The_banner_makes_the_version_exact_that_a_release_of_Debian_hides()
    {
        await using var archive = await TestArchive.StartAsync();
        var added = Assert.IsType<Added>(await archive.AddAsync(TinyImage.Vmlinux(Btf), Release, distro: "debian", version: "12"));
        Assert.Equal("6.1.147", added.Kernel.LinuxVersion.ToString());
        await archive.Restart();
        Assert.Equal("6.1.147", Assert.IsType<KernelFound>(archive.Resolver.Resolve(new(Release))).LinuxVersion.ToString());
        // The node's own word wins.
        Assert.Equal("6.1.158",
            Assert.IsType<KernelFound>(
                archive.Resolver.Resolve(new($"Linux h {Release} #1 SMP Debian 6.1.158-1 x86_64 GNU/Linux"))).LinuxVersion.ToString());
    }

    [Fact]
    public async Task Two_files_of_a_kernel_that_name_different_versions_leave_it_open()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(TinyImage.Vmlinux(Btf), Release, distro: "debian", version: "12");
        var other = TinyElf.Vmlinux(Btf, TinyImage.Banner.Replace("6.1.147-1", "6.1.148-1", StringComparison.Ordinal));
        Assert.IsType<AlreadyThere>(await archive.AddAsync(other, Release, distro: "debian", version: "12"));
        Assert.Equal("6.1.x", Assert.IsType<KernelFound>(archive.Resolver.Resolve(new(Release))).LinuxVersion.ToString());
    }

    [Fact]
    public async Task An_archive_from_before_build_ids_is_taken_over()
    {
        TestDatabase.SkipUnlessSqlite();
        await using var archive = await TestArchive.StartAsync();
        await archive.AddAsync(Btf, Release);
        await archive.SqlAsync("""
            DROP INDEX IX_Kernels_BuildId; ALTER TABLE Kernels DROP COLUMN BuildId; ALTER TABLE Kernels DROP COLUMN Banner;
            DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%_BuildIds'
            """);
        await archive.Restart();
        Assert.Null(Assert.Single(archive.Index.Matching(new())).BuildId);
        Assert.Empty((await archive.Get<ArchiveVerifier>().VerifyAsync(TestContext.Current.CancellationToken)).Faults);
        await archive.AddAsync(Vmlinux, Release);
        Assert.Equal(Release, Found(archive).Kernel.Release);
    }

    private static KernelFound Found(TestArchive archive) => Assert.IsType<KernelFound>(archive.Resolver.Resolve(new("buildid:" + Id)));
}
