using Relo.Core.Btf;
using Relo.Core.Fingerprints;
using Relo.Core.Relocation;

namespace Relo.Core.Tests.Fingerprints;

public class ModuleFingerprintTests
{
    private static readonly BtfTypes Kernel = Write(null, b =>
    {
        var word = b.Int("int", 4);
        b.Struct("own", 4, new BtfWriter.Member("a", word, 0));
        b.Struct("flavoured___x", 4, new BtfWriter.Member("a", word, 0));
        b.Ref(BtfKind.Func, b.FuncProto(0), "f");
    });

    [Fact]
    public void Name_that_only_a_module_has_is_answered_by_the_module() =>
        Assert.NotNull(Of(Module("m", b => b.Struct("new", 4))).Find(new(BtfKind.Struct, "new")));

    [Fact]
    public void Name_that_the_kernel_has_does_not_depend_on_modules() =>
        Assert.Equal(Of().Find(new(BtfKind.Struct, "own")), Of(Module("m", b => b.Struct("own", 8))).Find(new(BtfKind.Struct, "own")));

    // Candidates are found by essential name, structs of a feature by their whole name: that search goes on in modules.
    [Fact]
    public void Name_that_the_kernel_has_only_with_a_flavour_depends_on_modules() =>
        Assert.NotEqual(
            Of().Find(new(BtfKind.Struct, "flavoured")),
            Of(Module("m", b => b.Struct("flavoured", 8))).Find(new(BtfKind.Struct, "flavoured")));

    [Fact]
    public void Modules_count_in_search_order_and_by_name()
    {
        ModuleTypes a = Module("a", b => b.Struct("new", 4)), same = Module("b", b => b.Struct("new", 4)), other = Module("b", b => b.Struct("new", 8));
        Fingerprint?[] all = [Find(a), Find(same), Find(a, same), Find(same, a), Find(a, other)];
        Assert.Equal(all.Length, all.Distinct().Count());

        static Fingerprint? Find(params ModuleTypes[] modules) => Of(modules).Find(new(BtfKind.Struct, "new"));
    }

    [Fact]
    public void Function_of_the_kernel_is_found_before_that_of_a_module()
    {
        var module = Module("m", b => b.Ref(BtfKind.Func, b.FuncProto(1), "f"));
        Assert.Equal(Of().Find(LayoutName.OfSymbol("f")), Of(module).Find(LayoutName.OfSymbol("f")));
    }

    [Fact]
    public void Whether_modules_are_known_is_a_fact_of_the_kernel() =>
        Assert.NotEqual(Of().Find(LayoutName.Kernel), Of(Module("m", b => b.Struct("new", 4))).Find(LayoutName.Kernel));

    private static KernelFingerprints Of(params ModuleTypes[] modules) => KernelFingerprints.Of(new KernelTypes(Kernel, modules))!;

    private static ModuleTypes Module(string name, Func<BtfWriter, uint> write) => new(name, Write(Kernel, b => write(b)));

    private static BtfTypes Write(BtfTypes? splitBase, Action<BtfWriter> write)
    {
        var b = new BtfWriter(splitBase: splitBase);
        write(b);
        return BtfReader.Read(b.ToBytes(), splitBase);
    }
}
