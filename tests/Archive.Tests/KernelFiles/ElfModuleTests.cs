using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.KernelFiles;

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
        Assert.Contains("CONFIG_DEBUG_INFO_BTF_MODULES",
            Reading.Refused(TinyElf.Vmlinux(Btf, "name=x\0", type: 1, section: ".BTX", textSection: ".modinfo")));

    [Fact]
    public void A_module_brings_the_excerpt_it_stands_on_and_where_its_functions_were_inlined()
    {
        byte[] excerpt = [1, 2, 3], sites = [4, 5];
        var read = Reading.Read(SectionedElf.Module("x", "6.11.0", (".BTF", Btf), (".BTF.base", excerpt), (".BTF.inline", sites)));
        Assert.Equal(Btf, read.Btf.ToArray());
        Assert.Equal(excerpt, read.DistilledBase.ToArray());
        Assert.Equal(sites, read.Inline.ToArray());
        Assert.True(Reading.Read(TinyElf.Module(Btf, "x", "6.11.0")).DistilledBase.IsEmpty);
    }

    [Theory]
    [InlineData("vmlinux")]
    [InlineData("x.inline")]
    public void A_name_that_stands_for_something_else_is_refused(string name) =>
        Assert.Contains("which is a reserved name", Reading.Refused(TinyElf.Module(Btf, name, "6.11.0")));

    [Fact]
    public void Every_truncation_of_a_module_is_refused()
    {
        var whole = TinyElf.Module(Btf, "m", "6.1.0");
        for (var length = 1; length < whole.Length; length++) Reading.Refused(whole.AsMemory(0, length));
    }
}
