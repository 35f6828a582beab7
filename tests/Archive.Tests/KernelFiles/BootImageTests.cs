using System.Buffers.Binary;
using Relo.Archive.KernelFiles;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.KernelFiles;

public sealed class BootImageTests
{
    private static readonly byte[] Btf = TinyBtf.Of("int", "long", "char");

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz for x86", "xz")]
    [InlineData("zstd")]
    [InlineData("lz4 (legacy)")]
    [InlineData("lzma")]
    [InlineData("bzip2")]
    public void A_bzImage_of_every_compression_gives_its_BTF_and_what_it_says_of_itself(string packing, string? name = null)
    {
        var vmlinux = TinyImage.Vmlinux(Btf);
        var read = Reading.Read(TinyImage.BzImage(Pack.As(packing, vmlinux), packing == "gzip" ? null : vmlinux.Length));
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal(
            ($"vmlinux in {name ?? packing} in bzImage", "6.1.0-38-amd64", "x86_64", "debian", "12"),
            (read.Container, read.Release, read.Arch, read.Distro, read.Version));
    }

    [Fact]
    public void The_release_of_a_kernel_without_a_banner_is_in_the_setup_header()
    {
        var vmlinux = TinyElf.Vmlinux(Btf, new string('x', 3000));
        var read = Reading.Read(TinyImage.BzImage(Pack.Gzip(vmlinux), null, "5.10.0-46-amd64 (debian-kernel@lists.debian.org) #1 SMP"));
        Assert.Equal(("5.10.0-46-amd64", "debian", "11"), (read.Release, read.Distro, read.Version));
    }

    [Theory]
    [InlineData("lz4 (legacy)")]
    [InlineData("zstd")]
    public void A_payload_that_unpacks_to_another_size_than_is_said_behind_it_is_refused(string packing)
    {
        var vmlinux = TinyImage.Vmlinux(Btf);
        Assert.Contains($"decompresses to {vmlinux.Length} bytes, but the size after it is {vmlinux.Length + 1}",
            Reading.Refused(TinyImage.BzImage(Pack.As(packing, vmlinux), vmlinux.Length + 1)));
    }

    [Fact]
    public void A_bzImage_whose_payload_is_packed_some_other_way_is_told_with_its_first_bytes() =>
        Assert.Contains("894c5a4f00", Reading.Refused(TinyImage.BzImage([0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d], 1)));

    [Fact]
    public void A_bzImage_from_before_payloads_were_named_is_refused()
    {
        var file = TinyImage.BzImage([1], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x206), 0x207);
        Assert.Contains("protocol 2.07", Reading.Refused(file));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz for x86")]
    [InlineData("zstd")]
    [InlineData("lz4 (legacy)")]
    [InlineData("lzma")]
    [InlineData("bzip2")]
    public void A_truncated_payload_is_refused_unless_only_what_stands_behind_the_kernel_is_missing(string packing)
    {
        var vmlinux = TinyImage.Vmlinux(Btf);
        var packed = Pack.As(packing, vmlinux);
        // The last bytes: an index that is not looked at, an end mark, padding; of lz4 they are content that nothing checks.
        for (var length = 0; length < packed.Length - 64; length++) Reading.Refused(TinyImage.BzImage(packed[..length], vmlinux.Length));
        for (var length = packed.Length - 64; length < packed.Length; length++)
            RefusedOrHarmless(TinyImage.BzImage(packed[..length], vmlinux.Length));
    }

    [Theory]
    [InlineData("xz for x86")]
    [InlineData("zstd")]
    [InlineData("gzip")]
    public void A_flipped_bit_of_a_payload_is_refused_or_harmless(string packing)
    {
        var vmlinux = TinyImage.Vmlinux(Btf);
        var packed = Pack.As(packing, vmlinux);
        for (var at = 0; at < packed.Length; at += 1 + (packed.Length / 300))
        {
            var damaged = (byte[])packed.Clone();
            damaged[at] ^= 0x10;
            RefusedOrHarmless(TinyImage.BzImage(damaged, vmlinux.Length));
        }
    }

    [Fact]
    public void Every_truncation_of_a_bzImage_is_refused()
    {
        var whole = TinyImage.BzImage(Pack.Gzip(TinyImage.Vmlinux(Btf)), null);
        for (var length = 1; length < whole.Length - 64; length++) Reading.Refused(whole.AsMemory(0, length));
    }

    [Fact]
    public void An_EFI_zboot_tells_its_machine_and_holds_a_packed_image()
    {
        var read = Reading.Read(TinyImage.Zboot(Pack.Zstd(TinyImage.Memory(Btf))));
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal(("kernel image in zstd in EFI zboot", "loongarch64", "6.1.0-38-amd64"), (read.Container, read.Arch, read.Release));
    }

    [Fact]
    public void Every_truncation_of_an_EFI_zboot_is_refused()
    {
        var whole = TinyImage.Zboot(Pack.Gzip(TinyImage.Memory(Btf)));
        for (var length = 1; length < whole.Length - 32; length++) Reading.Refused(whole.AsMemory(0, length));
    }

    [Theory]
    [InlineData("none", "kernel image")]
    [InlineData("gzip", "kernel image in gzip")]
    [InlineData("bzip2", "kernel image in bzip2")]
    public void An_arm64_Image_may_be_packed_as_a_whole(string packing, string container)
    {
        var read = Reading.Read(Pack.As(packing, TinyImage.Arm64(TinyImage.Memory(Btf))));
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal((container, "arm64"), (read.Container, read.Arch));
    }

    [Fact]
    public void The_packed_kernel_of_an_s390x_image_is_found_by_its_magic()
    {
        // After bytes that begin like gzip but are not gzip.
        byte[] content = [0x1f, 0x8b, 0x08, 1, 2, 3, .. new byte[100],
            .. Pack.Zstd(TinyImage.Memory(Btf, "Linux version 6.12.107+deb13-s390x (debian-kernel@lists.debian.org) #1\n")), 9, 9, 9];
        var read = Reading.Read(TinyImage.S390(content));
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal(
            ("kernel image in zstd in kernel image", "s390x", "debian", "13"), (read.Container, read.Arch, read.Distro, read.Version));
    }

    [Fact]
    public void The_longest_sound_BTF_of_an_image_counts()
    {
        var broken = TinyBtf.Of("a", "b", "c", "d", "e");
        broken[24 + 4 + 3] = 0x1f; // kind 31
        byte[] content = [.. TinyBtf.Of("x"), .. broken, .. Btf, 0x9f, 0xeb, 1, 0, 0x18];
        Assert.Equal(Btf, Reading.Read(TinyImage.Arm64(content)).Btf.ToArray());
    }

    [Fact]
    public void An_image_without_BTF_says_so() =>
        Assert.Contains("CONFIG_DEBUG_INFO_BTF", Reading.Refused(TinyImage.Arm64(new byte[5000])));

    [Fact]
    public void An_image_full_of_what_begins_like_something_packed_costs_little()
    {
        var content = new byte[4 << 20];
        for (var at = 0; at < content.Length - 8; at += 8) new byte[] { 0x28, 0xb5, 0x2f, 0xfd, 0x9f, 0xeb, 1, 0 }.CopyTo(content, at);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Reading.Refused(TinyImage.Arm64(content));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"it took {watch.Elapsed}");
    }

    [Fact]
    public void Layers_without_end_are_refused()
    {
        var file = Btf;
        for (var layer = 0; layer < 6; layer++) file = Pack.Gzip(file);
        Assert.Contains("more layers", Reading.Refused(file));
    }

    [Fact]
    public void All_layers_share_one_budget()
    {
        var vmlinux = TinyImage.Vmlinux(Btf);
        var file = Pack.Gzip(TinyImage.BzImage(Pack.Gzip(vmlinux), null));
        Assert.Contains("in total", Reading.Refused(file, Reading.Limits with { TotalBytes = vmlinux.Length + 500 }));
    }

    private static void RefusedOrHarmless(byte[] file)
    {
        try
        {
            Assert.Equal(Btf, Reading.Read(file).Btf.ToArray());
        }
        catch (KernelFileException)
        {
            // refused: as it should be
        }
    }
}
