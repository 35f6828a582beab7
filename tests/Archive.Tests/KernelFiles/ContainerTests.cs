using System.Text;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.KernelFiles;

/// <summary>Boot loaders' containers: the kernel is extracted from each, and every truncation is refused.</summary>
public sealed class ContainerTests
{
    private static readonly byte[] Btf = TinyBtf.Of("int", "long", "char");
    private static readonly byte[] Image = TinyImage.Arm64(TinyImage.Memory(Btf));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_kernel_of_an_Android_boot_image_may_be_plain_or_packed_with_a_device_tree_after_it(uint version)
    {
        Gives("kernel image in Android boot image", TinyContainer.Android(Image, version));
        Gives("kernel image in gzip in Android boot image",
            TinyContainer.Android([.. Pack.Gzip(Image), 0xd0, 0x0d, 0xfe, 0xed, 0, 0], version));
        Gives("kernel image in lz4 (legacy) in Android boot image",
            TinyContainer.Android([.. Pack.Lz4Legacy(Image), .. new byte[64]], version));
    }

    // Old tools write the size of a device tree where the version is now (bootimg.h, dt_size).
    [Fact]
    public void An_Android_boot_image_of_version_0_may_have_the_size_of_its_device_tree_in_place_of_the_version() =>
        Gives("kernel image in Android boot image",
            TinyContainer.Android(Image, 0)[..40].Concat((byte[])[0, 0, 6, 0]).Concat(TinyContainer.Android(Image, 0).Skip(44)).ToArray());

    [Fact]
    public void An_Android_image_without_a_kernel_is_named() =>
        Assert.Contains("send boot.img", Reading.Refused(TinyContainer.Android([], 4)));

    [Fact]
    public void The_first_part_of_a_uImage_is_the_kernel()
    {
        Gives("kernel image in gzip in uImage", TinyContainer.UBoot(Pack.Gzip(Image)));
        Gives("kernel image in uImage", TinyContainer.UBoot(Image));
        Gives("kernel image in gzip in uImage", TinyContainer.UBoot(TinyContainer.Parts(Pack.Gzip(Image), [1, 2, 3], [4]), type: 4));
        // MIPS and ARM kernels have no header of their own.
        Assert.Equal(Btf, Reading.Read(TinyContainer.UBoot(Pack.Gzip(TinyImage.Memory(Btf)))).Btf.ToArray());
    }

    [Fact]
    public void The_kernel_of_a_FIT_image_is_in_the_tree_or_after_it()
    {
        var packed = Pack.Gzip(Image);
        Gives("kernel image in gzip in FIT image",
            TinyContainer.Fit([], ("data", packed), ("type", "kernel\0"u8.ToArray()), ("compression", "gzip\0"u8.ToArray())));
        Gives("kernel image in gzip in FIT image",
            TinyContainer.Fit(packed, ("type", "kernel\0"u8.ToArray()), ("data-offset", TinyContainer.Word(0)),
                ("data-size", TinyContainer.Word((uint)packed.Length))));
    }

    [Fact]
    public void A_FIT_image_without_a_kernel_and_a_device_tree_alone_are_named()
    {
        Assert.Contains(
            "no part of type \"kernel\"", Reading.Refused(TinyContainer.Fit([], ("data", [1, 2, 3]), ("type", "ramdisk\0"u8.ToArray()))));
        var tree = TinyContainer.Fit([], ("data", [1]));
        Encoding.ASCII.GetBytes("xmages", tree.AsSpan(tree.AsSpan().IndexOf("images"u8)));
        Assert.Contains("device tree", Reading.Refused(tree));
    }

    [Fact]
    public void The_packed_kernel_of_a_zImage_is_found_by_its_magic() =>
        Assert.Equal(Btf, Reading.Read(TinyContainer.ZImage(Pack.Gzip(TinyImage.Memory(Btf)))).Btf.ToArray());

    [Fact]
    public void The_kernel_of_a_unified_image_is_in_its_section_and_never_searched_for_in_its_initrd()
    {
        var vmlinux = TinyElf.Vmlinux(Btf, new string('x', 2000)); // does not name itself
        var initrd = Enumerable.Range(0, 100).SelectMany(i => Pack.Gzip(Encoding.ASCII.GetBytes($"module {i}"))).ToArray();
        var file = TinyContainer.Pe((".osrel", "ID=fedora\nVERSION_ID=41\n"u8.ToArray()), (".uname", "6.9.7-test"u8.ToArray()),
            (".initrd", initrd), (".linux", TinyImage.BzImage(Pack.Gzip(vmlinux), null)));
        var read = Reading.Read(file);
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal(("vmlinux in gzip in bzImage in unified kernel image", "6.9.7-test", "x86_64", "fedora", "41"),
            (read.Container, read.Release, read.Arch, read.Distro, read.Version));
    }

    [Fact]
    public void A_unified_image_is_found_in_a_package()
    {
        var file = TinyContainer.Pe((".linux", TinyImage.BzImage(Pack.Gzip(TinyImage.Vmlinux(Btf)), null)));
        Assert.Equal(Btf,
            Reading.Read(TinyPackage.Rpm("gzip", new Dictionary<int, string> { [1000] = "kernel-uki-virt" },
                ("./lib/modules/6.1.0-38-amd64/vmlinuz-virt.efi", file))).Btf.ToArray());
    }

    public static TheoryData<string> Names() => ["android", "uboot", "fit", "zimage", "uki"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_truncation_before_the_kernel_ends_is_refused(string name)
    {
        var kernel = Pack.Gzip(TinyImage.Vmlinux(Btf));
        var (whole, padding) = name switch
        {
            "android" => (TinyContainer.Android(kernel, 2), 100),
            "uboot" => (TinyContainer.UBoot(kernel), 0),
            "fit" => (TinyContainer.Fit([], ("data", kernel), ("type", "kernel\0"u8.ToArray())), 0),
            "zimage" => (TinyContainer.ZImage(kernel), 16),
            _ => (TinyContainer.Pe((".linux", kernel)), 16),
        };
        Reading.Read(whole);
        for (var length = 1; length < whole.Length - padding; length++) Reading.Refused(whole.AsMemory(0, length));
    }

    [Fact]
    public void Containers_in_containers_end_at_the_depth_of_any_kernel()
    {
        var file = Image;
        for (var i = 0; i < 6; i++) file = TinyContainer.Android(file, 4);
        Assert.Contains("more layers", Reading.Refused(file));
    }

    [Theory]
    [InlineData("PK\x03\x04", "zip archive")]
    [InlineData("070701", "initramfs")]
    [InlineData("hsqs", "squashfs")]
    [InlineData("ADBd", "Alpine package of version 3")]
    [InlineData("VNDRBOOT", "vendor_boot")]
    [InlineData("LZIP", "lzip -d")]
    [InlineData("<!DOCTYPE html>", "HTML")]
    public void What_is_not_read_is_named(string begin, string expected) =>
        Assert.Contains(expected, Reading.Refused(Encoding.Latin1.GetBytes(begin + new string('x', 100))));

    [Fact]
    public void A_bzImage_packed_with_lzo_is_named_with_what_unpacks_it() =>
        Assert.Contains("lzop", Reading.Refused(TinyImage.BzImage([0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d], 1)));

    private static void Gives(string container, byte[] file)
    {
        var read = Reading.Read(file);
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal((container, "6.1.0-38-amd64"), (read.Container, read.Release));
    }
}
