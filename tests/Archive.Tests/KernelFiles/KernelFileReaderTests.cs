using System.Formats.Tar;
using Relo.Archive.KernelFiles;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.KernelFiles;

public sealed class KernelFileReaderTests
{
    private const string Release = "4.18.0-80.el8.x86_64";
    private static readonly byte[] Btf = TinyBtf.Of("int");

    [Theory]
    [InlineData("tiny.btf", "raw BTF", null, null)]
    [InlineData("tiny.btf.xz", "raw BTF in xz", null, null)]
    [InlineData("tiny.btf.tar.xz", "tar in xz", Release, "x86_64")]
    public void Every_container_gives_the_BTF_and_what_it_knows(string fixture, string container, string? release, string? arch)
    {
        var read = Read(FixtureFiles.Read(fixture));
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal((container, release, arch), (read.Container, read.Release, read.Arch));
    }

    [Fact]
    public void A_big_endian_kernels_BTF_is_recognised() => Assert.Equal("raw BTF", Read([0xeb, 0x9f, 1, 0]).Container);

    [Fact]
    public void An_empty_file_is_refused() => Assert.Contains("empty", Refused([]));

    [Fact]
    public void An_unknown_file_is_told_with_its_first_bytes() => Assert.Contains("504c0304", Refused([0x50, 0x4c, 3, 4, 0]));

    [Fact]
    public void A_pointer_of_Git_LFS_is_told_with_its_remedy() =>
        Assert.Contains("git lfs pull", Refused("version https://git-lfs.github.com/spec/v1\noid sha256:00"u8.ToArray()));

    [Fact]
    public void Every_truncation_of_an_xz_is_refused()
    {
        var whole = FixtureFiles.Read("tiny.btf.tar.xz");
        for (var length = 1; length < whole.Length; length++) Refused(whole[..length]);
    }

    [Fact]
    public void Every_flipped_byte_of_an_xz_is_refused_or_harmless()
    {
        var whole = FixtureFiles.Read("tiny.btf.tar.xz");
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0xff;
            try
            {
                Assert.Equal(Btf, Read(damaged).Btf.ToArray());
            }
            catch (KernelFileException)
            {
                // refused: as it should be
            }
        }
    }

    [Theory]
    [InlineData("bomb.xz")]
    [InlineData("bomb.btf.tar.xz")]
    public void A_bomb_stops_at_the_ratio(string fixture)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("decompresses to more than", Refused(FixtureFiles.Read(fixture)));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 48 << 20, "the bomb of 64 MiB was unpacked far beyond the limit");
    }

    [Fact]
    public void Unpacking_stops_at_the_largest_file_whatever_the_ratio() =>
        Assert.Contains("more than 100 bytes", Refused(FixtureFiles.Read("tiny.btf.tar.xz"), new(100, int.MaxValue) { FileBytes = 100 }));

    [Theory]
    [InlineData("../x.btf")]
    [InlineData("/etc/x.btf")]
    [InlineData("a/x.btf")]
    [InlineData("..\\x.btf")]
    [InlineData("..btf")]
    [InlineData(".btf")]
    [InlineData("x y.btf")]
    [InlineData("readme.txt")]
    public void A_tar_entry_of_a_name_that_is_no_release_is_refused(string name) => Assert.Contains($"'{name}'", Refused(Tar((name, Btf))));

    [Fact]
    public void A_name_in_this_folder_is_allowed() => Assert.Equal("5.4.0-91-generic", Read(Tar(("./5.4.0-91-generic.btf", Btf))).Release);

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    public void A_tar_entry_that_is_no_file_is_refused(TarEntryType type)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            var entry = new UstarTarEntry(type, "x.btf");
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink) entry.LinkName = "/etc/passwd";
            tar.WriteEntry(entry);
        }

        Assert.Contains(type.ToString(), Refused(stream.ToArray()));
    }

    [Fact]
    public void Two_files_in_a_tar_are_refused_by_name()
    {
        var reason = Refused(Tar(("a.btf", Btf), ("b.btf", Btf)));
        Assert.Contains("'a.btf'", reason);
        Assert.Contains("'b.btf'", reason);
    }

    [Fact]
    public void An_empty_entry_is_refused() => Assert.Contains("empty", Refused(Tar(("a.btf", []))));

    [Fact]
    public void A_tar_without_a_file_is_refused()
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "folder"));
        Assert.Contains("the tar is empty", Refused(stream.ToArray()));
    }

    [Fact]
    public void An_entry_without_the_magic_of_BTF_is_bad_BTF()
    {
        var refused = Assert.Throws<KernelFileException>(() => Read(Tar(("a.btf", "hello world"u8.ToArray()))));
        Assert.Equal(Rejected.InvalidBtf, refused.Code);
        Assert.Contains("68656c6c", refused.Message);
    }

    [Fact]
    public void Every_truncation_of_a_tar_within_its_entry_is_refused()
    {
        var whole = Tar(("a.btf", Btf));
        for (var length = 1; length < 512 + Btf.Length; length++) Refused(whole[..length]);
    }

    [Fact]
    public void A_vmlinux_gives_its_BTF_release_and_architecture()
    {
        var read = Read(TinyElf.Vmlinux(Btf, "Linux version %s (%s)\0Linux version 6.1.0-38-amd64 (debian-kernel@lists.debian.org) (gcc)"));
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal(("vmlinux", "6.1.0-38-amd64", "x86_64"), (read.Container, read.Release, read.Arch));
    }

    [Fact]
    public void An_ELF_that_is_no_kernel_is_refused_with_what_it_is()
    {
        Assert.Contains("BPF object", Refused(TinyElf.Vmlinux(Btf, "", machine: 247)));
        Assert.Contains("module", Refused(TinyElf.Vmlinux(Btf, "", type: 1)));
        Assert.Contains("not a kernel", Refused(TinyElf.Vmlinux(Btf, "", section: ".BTX")));
    }

    [Fact]
    public void Every_truncation_of_a_vmlinux_is_refused()
    {
        var whole = TinyElf.Vmlinux(Btf, "Linux version 6.1.0 (x)");
        for (var length = 1; length < whole.Length; length++) Refused(whole[..length]);
    }

    [Fact]
    public void No_damage_to_a_vmlinux_is_anything_but_a_refusal()
    {
        var whole = TinyElf.Vmlinux(Btf, "Linux version 6.1.0 (x)");
        foreach (var value in new byte[] { 0x00, 0x7f, 0xff })
            for (var at = 4; at < whole.Length; at++)
            {
                var damaged = (byte[])whole.Clone();
                damaged[at] = value;
                try
                {
                    Read(damaged);
                }
                catch (KernelFileException)
                {
                    // the only exception there may be
                }
            }
    }

    private static KernelFile Read(byte[] file, UnpackLimits? limits = null) => Reading.Read(file, limits);

    private static string Refused(byte[] file, UnpackLimits? limits = null) => Reading.Refused(file, limits);

    private static byte[] Tar(params (string Name, byte[] Bytes)[] files)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
            foreach (var (name, bytes) in files)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        return stream.ToArray();
    }
}
