using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Import;

public sealed class ElfModuleTests
{
    private static readonly byte[] Btf = TinyBtf.Of("int");

    [Fact]
    public void A_module_tells_its_name_and_its_kernels_release()
    {
        var read = Reading.Read(TinyElf.Module(Btf, "nf_conntrack", "6.1.0-38-amd64"));
        Assert.Equal(("module", "nf_conntrack", "6.1.0-38-amd64", "x86_64"), (read.Container, read.Module, read.Release, read.Arch));
    }

    [Fact]
    public void A_module_without_BTF_is_refused_with_the_option_it_lacks() =>
        Assert.Contains("CONFIG_DEBUG_INFO_BTF_MODULES", Reading.Refused(TinyElf.Vmlinux(Btf, "name=x\0", type: 1, section: ".BTX", textSection: ".modinfo")));

    [Fact]
    public void A_module_on_an_excerpt_of_the_kernel_is_refused_with_where_better_BTF_is()
    {
        // Both sections have the same bytes here; that .BTF.base is there is enough.
        var module = TinyElf.Vmlinux(Btf, "name=x\0", type: 1, textSection: ".modinfo");
        Assert.Contains("/sys/kernel/btf", Reading.Refused(TinyElf.WithSection(module, ".BTF.base")));
    }

    [Fact]
    public void Every_truncation_of_a_module_is_refused()
    {
        var whole = TinyElf.Module(Btf, "m", "6.1.0");
        for (var length = 1; length < whole.Length; length++) Reading.Refused(whole.AsMemory(0, length));
    }
}
