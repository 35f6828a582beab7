using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Relocation;
using Relo.Core.Report;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>libbpf bpf_core_find_cands: modules are looked into only where vmlinux has no candidate of the name and kind.</summary>
public class ModuleTests
{
    private static uint S(BtfWriter b, string name, params (string Name, uint Byte)[] fields)
    {
        var u64 = b.Int("unsigned long", 8);
        return b.Struct(name, 64, [.. fields.Select(f => new BtfWriter.Member(f.Name, u64, f.Byte * 8))]);
    }

    [Fact]
    public void A_type_that_only_a_module_has_is_found_there()
    {
        var answer = new Ask(b => S(b, "nf_conn", ("mark", 8)), b => S(b, "task_struct", ("x", 0)))
            .Module("nf_conntrack", b => S(b, "nf_conn", ("mark", 24))).Load("0:0", 8).Run();
        Assert.Equal(24, answer.Offset());
        var entry = Assert.Single(ReportBuilder.Build(answer.Object, answer.Relocated, TestContext.Current.CancellationToken).Relocations);
        Assert.Equal("nf_conntrack", entry.Module);
    }

    [Fact]
    public void What_the_kernel_itself_has_is_of_no_module()
    {
        var ask = new Ask(b => S(b, "s", ("x", 8)), b => S(b, "s", ("x", 16))).Module("m", b => S(b, "s", ("x", 24))).Load("0:0", 8);
        var answer = ask.Run();
        Assert.Equal(16, answer.Offset());
        Assert.Null(ReportBuilder.Build(answer.Object, answer.Relocated, TestContext.Current.CancellationToken).Relocations[0].Module);
        Assert.Equal(0, ask.ModulesOpened); // not opened, because nothing needs them
    }

    [Fact]
    public void A_module_is_opened_only_where_it_may_have_the_name()
    {
        var (bpf, kernel) = new Ask(b => S(b, "nf_conn", ("mark", 8)), b => S(b, "task_struct", ("x", 0))).Load("0:0", 8).Open();
        string[] names = ["dummy", "nf_conn", "veth"];
        var split = names.Select(name => Split(kernel, name)).ToArray();
        var table = ModuleNames.Open(ModuleNames.Write([.. split.Select(ModuleNames.HashesOf)]), names.Length)!;
        List<string> opened = [];
        var modules = names.Select((name, i) => new ModuleTypes(name, () => Open(i), hash => table.MayHave(i, hash)));
        Assert.IsType<Relocated>(Relocator.Relocate(bpf, new(kernel, modules), TestContext.Current.CancellationToken));
        Assert.Equal(["nf_conn"], opened);

        BtfTypes Open(int i)
        {
            opened.Add(names[i]);
            return split[i];
        }
    }

    private static BtfTypes Split(BtfTypes kernel, string name)
    {
        var module = new BtfWriter(splitBase: kernel);
        S(module, name, ("mark", 24));
        return BtfReader.Read(module.ToBytes(), kernel);
    }

    [Fact]
    public void A_candidate_of_the_kernel_shuts_modules_out_even_where_it_does_not_match() =>
        Assert.True(new Ask(b => S(b, "s", ("x", 8)), b => S(b, "s", ("y", 16))).Module("m", b => S(b, "s", ("x", 24))).Load("0:0", 8).Run()
            .IsPoisoned());

    [Fact]
    public void A_type_of_another_kind_in_the_kernel_shuts_nothing_out() =>
        Assert.Equal(
            24, new Ask(b => S(b, "s", ("x", 8)), b => b.Fwd("s")).Module("m", b => S(b, "s", ("x", 24))).Load("0:0", 8).Run().Offset());

    [Fact]
    public void Candidates_of_all_modules_count()
    {
        static Ask Two(uint second) => new Ask(b => S(b, "s", ("x", 8)), b => S(b, "t", ("x", 0)))
            .Module("one", b => S(b, "s", ("x", 24))).Module("two", b => S(b, "s", ("x", second))).Load("0:0", 8);

        var alike = Two(24).Run();
        Assert.Equal(24, alike.Offset());
        var entry = ReportBuilder.Build(alike.Object, alike.Relocated, TestContext.Current.CancellationToken).Relocations[0];
        Assert.Equal("one", entry.Module);
        Assert.Equal(["[4] struct s in one: matching", "[4] struct s in two: matching"], entry.Candidates!);
        Assert.Contains("field offset ambiguity: 256 != 192", Two(32).Run().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_type_may_have_members_of_the_kernels_types()
    {
        // struct list { next @ 0, prev @ 8 } is the kernel's, struct s { ...; list @ 16 } the module's, which refers to it by its id there.
        uint list = 0;
        var answer = new Ask(
                b =>
                {
                    var inner = S(b, "list", ("next", 0), ("prev", 8));
                    return b.Struct("s", 16, new BtfWriter.Member("list", inner, 0));
                },
                b => list = S(b, "list", ("next", 0), ("prev", 8)))
            .Module("m", b => b.Struct("s", 64, new BtfWriter.Member("list", list, 16 * 8))).Load("0:0:1", 8).Run();
        Assert.Equal(24, answer.Offset());
    }

    [Fact]
    public void Kinds_that_no_index_covers_are_looked_for_among_the_modules_own_types()
    {
        // libbpf finds functions and matches none (bpf_core_types_are_compat: "unexpected kind"). The module's ids begin at 2.
        var answer = new Ask(b => b.Ref(BtfKind.Func, b.FuncProto(0), "f"), b => b.Int("int", 4))
            .Module("m", b => b.Ref(BtfKind.Func, b.FuncProto(0), "f"))
            .Move(CoreReloKind.TypeExists, "0", 1).Run();
        Assert.Equal(["[3] func f in m: non-matching"],
            ReportBuilder.Build(answer.Object, answer.Relocated, TestContext.Current.CancellationToken).Relocations[0].Candidates!);
    }

    [Fact]
    public void The_id_of_a_modules_type_counts_on_from_the_kernels()
    {
        var answer = new Ask(b => S(b, "s", ("x", 8)), b => S(b, "t", ("x", 0))).Module("m", b => S(b, "s", ("x", 8)))
            .Move(CoreReloKind.TypeIdTarget, "0", 1).Run();
        Assert.Equal(4, answer.Immediate()); // the kernel has 1 and 2, the module its integer 3
    }

    [Fact]
    public void Types_on_another_base_are_refused()
    {
        var kernel = BtfReader.Read(new BtfWriter().ToBytes());
        var other = BtfReader.Read(new BtfWriter().ToBytes());
        var module = new ModuleTypes("m", BtfReader.Read(new BtfWriter(splitBase: other).ToBytes(), other));
        var o = new ObjectWriter();
        var section = o.Section("raw_tp/x");
        o.Relo(section, section.Add(new Instruction(0xb7, 1, 0, 0, 1)), S(o.Btf, "s", ("x", 8)), "0", CoreReloKind.TypeExists);
        section.Add(new Instruction(0x95, 0, 0, 0, 0));
        var bpf = BpfObject.Read(o.ToBytes());
        Assert.Throws<ArgumentException>(() => Relocator.Relocate(bpf, new(kernel, [module]), TestContext.Current.CancellationToken));
    }
}
