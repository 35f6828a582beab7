using System.Formats.Tar;
using System.Text;
using Relo.Archive.KernelFiles.Packages;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Archive.Tests.Fixtures;
using static Relo.Archive.Tests.Fixtures.TinyPackage;

namespace Relo.Archive.Tests.KernelFiles;

public sealed class PackageTests
{
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private static readonly byte[] Image = TinyImage.BzImage(Pack.Gzip(TinyImage.Vmlinux(Btf)), null);
    private static readonly Dictionary<int, string> Rocky =
        new() { [1000] = "kernel-core", [1001] = "4.18.0", [1002] = "553.el8_10", [1011] = "Rocky Enterprise Software Foundation", [1022] = "x86_64" };

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public void A_deb_of_every_compression_tells_everything_about_its_kernel(string packing)
    {
        var read = Reading.Read(
            Deb(packing, Control, ("./boot/", []), ("./boot/config-6.1.0-38-amd64", [1, 2, 3]), ("./boot/vmlinuz-6.1.0-38-amd64", Image)));
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal(("6.1.0-38-amd64", "x86_64", "debian", "12"), (read.Release, read.Arch, read.Distro, read.Version));
    }

    [Theory]
    [InlineData("./boot/vmlinuz-6.1.0-x")]
    [InlineData("usr/lib/modules/6.1.0-x/vmlinuz")]
    [InlineData("./lib/modules/6.1.0-x/vmlinux.xz")]
    [InlineData("./usr/lib/debug/boot/vmlinux-6.1.0-x")]
    [InlineData("./usr/lib/debug/lib/modules/6.1.0-x/vmlinux")]
    [InlineData("./usr/lib/debug/usr/lib/modules/6.1.0-x/vmlinux.debug")]
    [InlineData("/boot/image-6.1.0-x")]
    public void A_kernel_is_found_wherever_distributions_put_it(string path)
    {
        // An image that does not name its release or architecture: both come from the package.
        var read = Reading.Read(Deb("gzip", "Package: x\nArchitecture: ppc64el\n", (path, TinyElf.Vmlinux(Btf, "", machine: 0))));
        Assert.Equal(("6.1.0-x", "ppc64le"), (read.Release, read.Arch));
    }

    [Theory]
    [InlineData("./boot/System.map-6.1.0-x")]
    [InlineData("./usr/share/doc/vmlinuz-6.1.0-x")]
    [InlineData("./lib/modules/6.1.0-x/build/vmlinux")]
    [InlineData("./boot/../boot/vmlinuz-6.1.0-x")]
    [InlineData("../boot/vmlinuz-6.1.0-x")]
    [InlineData("./boot/vmlinuz-6.1.0 x")]
    [InlineData("./boot/vmlinuz-6.1.0-x -> /proc/kcore")]
    public void Nothing_else_is_taken_for_a_kernel(string path) =>
        Assert.Contains("contains no kernel", Reading.Refused(Deb("gzip", Control, (path, Image))));

    [Fact]
    public void A_kernel_without_BTF_gives_way_to_one_with_it()
    {
        var read =
            Reading.Read(Deb("gzip", Control, ("./boot/vmlinuz-6.1.0-x", TinyImage.Arm64(new byte[100])),
                ("./usr/lib/debug/boot/vmlinux-6.1.0-x", TinyImage.Vmlinux(Btf))));
        Assert.Equal(Btf, read.Btf.ToArray());
    }

    [Fact]
    public void A_metapackage_names_the_package_to_give() =>
        Assert.Contains("only depends on linux-image-6.1.0-38-amd64;",
            Reading.Refused(Deb("xz", "Package: linux-image-amd64\nDepends: linux-image-6.1.0-38-amd64 (= 6.1.147-1)\n", ("./usr/", []))));

    [Fact]
    public void The_name_of_a_package_to_give_has_a_limit() =>
        Assert.Contains("contains no kernel; expected one with",
            Reading.Refused(Deb("none", $"Package: x\nDepends: linux-image-{new string('a', 200)}1\n", ("./usr/", []))));

    [Fact]
    public void However_much_a_package_says_a_refusal_is_short()
    {
        var name = new string('x', 100_000);
        Assert.True(Reading.Refused(Deb("none", $"Package: {name}\n", ("./usr/", []))).Length < 1000);
        Assert.True(Reading.Refused(Rpm("none", new Dictionary<int, string> { [1000] = name }, ("./usr/x", [1]))).Length < 1000);
        var configs = Enumerable.Range(0, 50).Select(i => ($"./boot/config-6.1.{i}", "\nCONFIG_PRINTK=y\n"u8.ToArray())).ToArray();
        Assert.Equal(8, Reading.Refused(Deb("none", Control, configs)).Split("has no CONFIG_DEBUG_INFO_BTF=y").Length - 1);
    }

    [Fact]
    public void A_candidate_that_is_no_kernel_is_not_kept()
    {
        using var unpacker = new Unpacker(Reading.Settings(), TestContext.Current.CancellationToken);
        using var members = new PackageMembers(unpacker, 4);
        members.Consider("boot/vmlinuz-6.1.0-x", 100, new MemoryStream(new byte[100]));
        Assert.NotNull(members.Faults);
        Assert.Equal(0, unpacker.Mark);
    }

    [Theory]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public void Long_names_in_either_style_are_read(TarEntryFormat format)
    {
        var release = "6.1.0-" + new string('a', 110);
        var tar = Tar(format, ($"./usr/lib/debug/lib/modules/{release}/vmlinux", TinyImage.Vmlinux(Btf)));
        var deb = Ar(("debian-binary", []), ("control.tar", Tar(("./control", Encoding.UTF8.GetBytes(Control)))), ("data.tar", tar));
        Assert.Equal(Btf, Reading.Read(deb).Btf.ToArray());
    }

    [Fact]
    public void Every_truncation_of_a_deb_is_refused()
    {
        // The kernel is the last member, so only the end of the tar and of its compression may be cut off.
        var whole = Deb("none", Control, ("./boot/vmlinuz-6.1.0-38-amd64", Image));
        for (var length = 8; length < whole.Length; length += 97) Reading.Refused(whole.AsMemory(0, length));
    }

    [Fact]
    public void A_bomb_in_a_package_stops_at_the_ratio()
    {
        var reason = Reading.Refused(Deb("xz", Control, ("./a", new byte[64 << 20]), ("./boot/vmlinuz-6.1.0-38-amd64", Image)));
        Assert.Contains("decompresses to more than", reason);
    }

    [Fact]
    public void A_bomb_for_a_kernel_stops_at_the_ratio()
    {
        var file = Pack.Gzip(new byte[100 << 20]);
        Assert.Contains("decompresses to more than", Reading.Refused(Deb("none", Control, ("./boot/vmlinuz-6.1.0-38-amd64", file))));
    }

    [Theory]
    [InlineData('x')]
    [InlineData('L')]
    [InlineData('0')]
    public void A_tar_that_claims_gigabytes_costs_nothing(char type)
    {
        var tar = Tar(("./boot/vmlinuz-6.1.0-38-amd64", [1]));
        tar[156] = (byte)type;
        "77777777777"u8.CopyTo(tar.AsSpan(124)); // 8 GiB less one byte
        var sum = 8 * 32;
        for (var i = 0; i < 512; i++) sum += i is >= 148 and < 156 ? 0 : tar[i];
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", tar.AsSpan(148));
        var deb = Ar(("debian-binary", []), ("control.tar", Tar(("control", Encoding.UTF8.GetBytes(Control)))), ("data.tar", tar));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Reading.Refused(deb);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_tar_header_with_a_wrong_checksum_is_refused()
    {
        var tar = Tar(("a", [1]));
        tar[0]++;
        Assert.Contains("checksum",
            Assert.Throws<Relo.Archive.KernelFiles.KernelFileException>(() => new TarWalk(new MemoryStream(tar), default).Next()).Message);
    }

    [Fact]
    public void A_deb_without_its_parts_is_refused_with_what_it_has() =>
        Assert.Contains("debian-binary, other", Reading.Refused(Ar(("debian-binary", []), ("other", []))));

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    [InlineData("lzma")]
    [InlineData("bzip2")]
    public void An_rpm_of_every_compression_tells_everything_about_its_kernel(string packing)
    {
        var vmlinux = TinyElf.Vmlinux(Btf,
            "Linux version 4.18.0-553.el8_10.x86_64 (mockbuild@iad1-prod-build001.bld.equ.rockylinux.org) (gcc version 8.5.0 20210514 "
                + "(Red Hat 8.5.0-22) (GCC)) #1 SMP\n");
        var read =
            Reading.Read(Rpm(packing, Rocky, ("./lib/modules/4.18.0-553.el8_10.x86_64/", []),
                ("./lib/modules/4.18.0-553.el8_10.x86_64/config", [1, 2, 3]), ("./lib/modules/4.18.0-553.el8_10.x86_64/vmlinuz", vmlinux)));
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal(("4.18.0-553.el8_10.x86_64", "x86_64", "rocky", "8"), (read.Release, read.Arch, read.Distro, read.Version));
    }

    [Fact]
    public void Every_truncation_of_an_rpm_is_refused()
    {
        var whole = Rpm("none", Rocky, ("./boot/vmlinuz-4.18.0-553.el8_10.x86_64", Image));
        var trailer = 124; // the cpio's last member
        for (var length = 4; length < whole.Length - trailer - 4; length += 31) Reading.Refused(whole.AsMemory(0, length));
    }

    [Fact]
    public void An_rpm_without_a_kernel_says_what_it_is() =>
        Assert.Contains("the package kernel-core contains no kernel", Reading.Refused(Rpm("gzip", Rocky, ("./usr/share/doc/README", [1]))));

    [Fact]
    public void An_rpm_that_rpmbuild_made_is_read()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/rpmbuild"), "/usr/bin/rpmbuild is not installed (Debian's package rpm)");
        var folder = Directory.CreateTempSubdirectory("relo-rpm-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, "vmlinuz"), Image);
            File.WriteAllText(Path.Combine(folder.FullName, "k.spec"), $"""
                Name: kernel-core
                Version: 6.8.5
                Release: 301.fc40
                Vendor: Fedora Project
                Summary: x
                License: x
                %description
                x
                %install
                mkdir -p %buildroot/lib/modules/6.8.5-301.fc40.x86_64
                cp {folder.FullName}/vmlinuz %buildroot/lib/modules/6.8.5-301.fc40.x86_64/vmlinuz
                %files
                /lib/modules/6.8.5-301.fc40.x86_64/vmlinuz
                """);
            Pack.Run("rpmbuild", [], "-bb", "--quiet", "--define", $"_topdir {folder.FullName}", "--target", "x86_64-linux",
                Path.Combine(folder.FullName, "k.spec"));
            var read =
                Reading.Read(File.ReadAllBytes(
                    Assert.Single(Directory.GetFiles(Path.Combine(folder.FullName, "RPMS"), "*.rpm", SearchOption.AllDirectories))));
            Assert.Equal(Btf, read.Btf.ToArray());
            Assert.EndsWith(" in bzImage in rpm", read.Container, StringComparison.Ordinal);
            Assert.Equal("fedora", read.Distro);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
