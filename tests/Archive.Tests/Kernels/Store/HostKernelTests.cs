using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Kernels.Store;

public sealed class HostKernelTests : IDisposable
{
    private readonly string _host = Directory.CreateTempSubdirectory("relo-host-").FullName;

    public void Dispose() => Directory.Delete(_host, recursive: true);

    [Fact]
    public async Task The_running_kernel_is_registered_under_its_real_id()
    {
        Write("vmlinux", TinyBtf.Of("int"));
        await using var archive = await StartAsync();
        var kernel = Assert.Single(archive.Index.Matching(new()));
        Assert.Equal(("debian/12/x86_64/6.1.0-38-amd64", "host"), (kernel.Id, kernel.Source));
    }

    [Fact]
    public async Task A_kernel_built_anew_replaces_the_one_before()
    {
        Write("vmlinux", TinyBtf.Of("int"));
        await using var archive = await StartAsync();
        Write("vmlinux", TinyBtf.Of("int", "long"));
        await archive.Restart();
        Assert.Equal(Digest.Of(TinyBtf.Of("int", "long")), Assert.Single(archive.Index.Matching(new())).Btf);
    }

    [Fact]
    public async Task The_running_kernel_is_found_by_its_build_id()
    {
        Write("vmlinux", TinyBtf.Of("int"));
        await using var archive = await StartAsync();
        Assert.Null(Assert.Single(archive.Index.Matching(new())).BuildId);
        // As after an update from a version that did not know build-ids.
        Write("notes", TinyElf.BuildIdNote(0xab, 0xcd, 0xab, 0xcd));
        await archive.Restart();
        Assert.IsType<KernelFound>(archive.Resolver.Resolve(new("buildid:abcdabcd")));
    }

    [Fact]
    public async Task A_host_without_BTF_stops_nothing()
    {
        await using var archive = await StartAsync();
        Assert.Equal(0, archive.Index.Count);
    }

    [Fact]
    public async Task Broken_BTF_of_the_host_stops_nothing()
    {
        Write("vmlinux", "not BTF"u8.ToArray());
        await using var archive = await StartAsync();
        Assert.Equal(0, archive.Index.Count);
    }

    [Fact]
    public async Task This_very_machine_registers_its_kernel()
    {
        var btf = FixtureFiles.RunningKernel();
        await using var archive = await TestArchive.StartAsync(("Archive:RegisterHostKernel", "true"));
        var release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var found = Assert.IsType<KernelFound>(archive.Resolver.Resolve(new(release)));
        Assert.Equal(Digest.Of(btf), found.Kernel.Btf);
        Assert.Equal(found.Kernel, Assert.IsType<KernelFound>(archive.Resolver.Resolve(new(File.ReadAllText("/proc/version")))).Kernel);
    }

    [Theory]
    [InlineData("ID=debian\nVERSION_ID=\"12\"\n", "debian", "12")]
    [InlineData("NAME=\"CentOS Linux\"\nVERSION_ID='8'\r\nID=\"centos\"\r\n", "centos", "8")]
    [InlineData("ID_LIKE=debian\nID=arch\n", "arch", "rolling")]
    [InlineData("", "linux", "rolling")]
    [InlineData("ID=\nVERSION_ID=\n", "linux", "rolling")]
    public void Os_release_is_read_as_the_shell_would(string text, string distro, string version) =>
        Assert.Equal(new OsRelease(distro, version), OsRelease.Read(text));

    [Theory] // in a container os-release is the image's
    [InlineData("ID=ubuntu\nVERSION_ID=24.04", "Linux version 6.1.0-38-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP Debian 6.1.147-1", "debian/12")]
    [InlineData("ID=ubuntu\nVERSION_ID=24.04", "Linux version 6.1.0-38-amd64 (buildd@lcy02) (gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0) #102-Ubuntu SMP", "ubuntu/22.04")]
    [InlineData("ID=debian\nVERSION_ID=12", "Linux version 6.1.0-38-amd64 (builder@localhost) (Chromium OS 15.0) #1 SMP", "cos/local")]
    [InlineData("ID=linuxmint\nVERSION_ID=21.1", "Linux version 6.1.0-38-amd64 (buildd@lcy02) (gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0) #102-Ubuntu SMP", "linuxmint/21.1")]
    [InlineData("ID=acme\nVERSION_ID=7", "Linux version 6.1.0-38-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP Debian 6.1.147-1", "acme/7")]
    [InlineData("ID=debian\nVERSION_ID=12", "", "debian/12")]
    public async Task The_kernels_own_words_say_whose_it_is(string osRelease, string banner, string expected)
    {
        Write("vmlinux", TinyBtf.Of("int"));
        await using var archive = await StartAsync(osRelease, banner);
        Assert.Equal($"{expected}/x86_64/6.1.0-38-amd64", Assert.Single(archive.Index.Matching(new())).Id);
    }

    private Task<TestArchive> StartAsync(string osRelease = "ID=\"debian\"\nVERSION_ID=\"12\"\n", string banner = "")
    {
        Write("os-release", System.Text.Encoding.UTF8.GetBytes(osRelease));
        Write("version", System.Text.Encoding.UTF8.GetBytes(banner));
        Write("osrelease", "6.1.0-38-amd64\n"u8.ToArray());
        return TestArchive.StartAsync(
            ("Archive:RegisterHostKernel", "true"),
            ("Archive:HostBtfPath", Path.Combine(_host, "vmlinux")),
            ("Archive:HostOsReleasePath", Path.Combine(_host, "os-release")),
            ("Archive:HostReleasePath", Path.Combine(_host, "osrelease")),
            ("Archive:HostVersionPath", Path.Combine(_host, "version")),
            ("Archive:HostNotesPath", Path.Combine(_host, "notes")),
            ("Archive:HostArch", "amd64"));
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(_host, name), bytes);
}
