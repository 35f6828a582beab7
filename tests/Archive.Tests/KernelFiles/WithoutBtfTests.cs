using System.Text;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.KernelFiles;

/// <summary>A message claims that a kernel was built without BTF only if its own configuration proves it.</summary>
public sealed class WithoutBtfTests
{
    private const string BuiltWithout = "built without";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long", "char");

    [Fact]
    public void BTF_is_found_without_section_headers()
    {
        var file = TinyImage.Vmlinux(Btf);
        file.AsSpan(0x28, 8).Clear(); // e_shoff
        file.AsSpan(0x3c, 4).Clear(); // e_shnum, e_shstrndx
        var read = Reading.Read(file);
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal("6.1.0-38-amd64", read.Release);
    }

    [Fact]
    public void BTF_is_found_under_another_name() =>
        Assert.Equal(Btf, Reading.Read(TinyElf.Vmlinux(Btf, TinyImage.Banner, section: ".kernel")).Btf.ToArray());

    // objcopy --only-keep-debug turns loaded sections into NOBITS.
    [Fact]
    public void A_section_without_bytes_is_named()
    {
        var file = TinyImage.Vmlinux(Btf);
        var header = BitConverter.ToInt32(file, 0x28) + 64;
        file[header + 4] = 8; // sh_type of .BTF
        file.AsSpan(64, Btf.Length).Clear();
        var refused = Reading.Refused(file);
        Assert.Contains("NOBITS", refused);
        Assert.DoesNotContain(BuiltWithout, refused);
    }

    [Fact]
    public void A_compressed_section_is_named()
    {
        var file = TinyImage.Vmlinux(Btf);
        file[BitConverter.ToInt32(file, 0x28) + 64 + 9] = 8; // sh_flags of .BTF: SHF_COMPRESSED
        Assert.Contains(".BTF is compressed", Reading.Refused(file));
    }

    [Fact]
    public void A_section_that_leaves_the_file_is_named()
    {
        var file = TinyImage.Vmlinux(Btf);
        file[BitConverter.ToInt32(file, 0x28) + 64 + 0x23] = 0x7f; // sh_size of .BTF
        Assert.Contains("section 1 has", Reading.Refused(file));
    }

    [Fact]
    public void A_program_that_is_no_kernel_is_named() =>
        Assert.Contains("a program, not a kernel", Reading.Refused(TinyElf.Vmlinux(new byte[100], "hello", section: ".data")));

    // Kernels carry small BPF objects (kernel/bpf/preload), and so do programs that load some.
    [Fact]
    public void BTF_of_a_BPF_program_inside_a_kernel_is_not_the_kernels()
    {
        var program = OfProgram();
        Assert.DoesNotContain(BuiltWithout, Reading.Refused(TinyElf.Vmlinux(program, TinyImage.Banner, section: ".data")));
        Assert.Contains("no BTF was found", Reading.Refused(TinyImage.Arm64(TinyImage.Memory(program))));
    }

    [Theory]
    [InlineData("CONFIG_MODULES=y\n# CONFIG_DEBUG_INFO_BTF is not set\n", true)]
    [InlineData("CONFIG_MODULES=y\nCONFIG_DEBUG_INFO_NONE=y\n", true)]
    [InlineData("CONFIG_MODULES=y\nCONFIG_DEBUG_INFO_BTF=y\n", false)]
    [InlineData("anything else\n", false)]
    public void The_configuration_inside_a_kernel_is_the_proof(string config, bool isProof)
    {
        // kernel/configs.c: gzip between IKCFG_ST and IKCFG_ED.
        byte[] kernel = [.. Encoding.ASCII.GetBytes(TinyImage.Banner), .. "IKCFG_ST"u8,
            .. Pack.Gzip(Encoding.ASCII.GetBytes("#\n" + config)), .. "IKCFG_ED"u8, .. new byte[100]];
        Assert.Equal(isProof, Reading.Refused(TinyImage.Arm64(kernel)).Contains(BuiltWithout, StringComparison.Ordinal));
        Assert.Equal(
            isProof, Reading.Refused(TinyElf.Vmlinux(kernel, "", section: ".data")).Contains(BuiltWithout, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("# CONFIG_DEBUG_INFO_BTF is not set", true)]
    [InlineData("CONFIG_DEBUG_INFO_BTF=y", false)]
    public void The_configuration_of_a_package_is_the_proof(string line, bool isProof)
    {
        var config = Encoding.ASCII.GetBytes($"#\nCONFIG_MODULES=y\n{line}\n");
        var refused =
            Reading.Refused(TinyPackage.Deb("gzip", TinyPackage.Control, ("./boot/config-6.1.0-x", config),
                ("./boot/vmlinuz-6.1.0-x", TinyImage.Arm64(new byte[5000]))));
        Assert.Equal(isProof, refused.Contains(BuiltWithout, StringComparison.Ordinal));
    }

    [Fact]
    public void Where_nothing_is_proved_the_message_says_how_to_find_out_and_what_to_send()
    {
        var refused = Reading.Refused(TinyImage.Arm64(new byte[5000]));
        Assert.DoesNotContain(BuiltWithout, refused);
        Assert.Contains("/sys/kernel/btf/vmlinux", refused);
    }

    // An integer and an empty data section "license": kind 15.
    private static byte[] OfProgram()
    {
        var btf = TinyBtf.Of("int", "license");
        btf[24 + 16 + 7] = 15;
        return [.. btf[..12], .. BitConverter.GetBytes(28), .. BitConverter.GetBytes(28), .. btf[20..(24 + 16 + 12)], .. btf[(24 + 32)..]];
    }
}
