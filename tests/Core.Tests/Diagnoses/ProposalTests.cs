using Relo.Core.Access;
using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Proposals;
using Relo.Core.Report;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Diagnoses;

/// <summary>What a report proposes instead of a missing field, from the object's struct and the kernel's. RenameTests of Conformance has real kernels.</summary>
public class ProposalTests
{
    [Fact]
    public void Another_name_with_other_underscores_is_proposed()
    {
        // inode.i_ctime became __i_ctime in Linux 6.6.
        var proposal = Propose(
            types => types.Struct("inode", 16, new BtfWriter.Member("i_ctime", Time(types), 0)),
            types => types.Struct("inode", 24, new BtfWriter.Member("i_size", types.Int("long", 8, BtfInt.SignedEncoding), 0), new BtfWriter.Member("__i_ctime", Time(types), 64)));
        Assert.Equal(("renamed", "__i_ctime", "struct timespec64"), (proposal!.Kind, proposal.Path, proposal.Type));
    }

    [Fact]
    public void A_member_of_the_same_type_between_the_same_neighbours_is_proposed_whatever_its_name()
    {
        var proposal = Propose(
            types => Row(types, ("first", "int"), ("gone", "struct"), ("last", "int")),
            types => Row(types, ("first", "int"), ("fresh", "struct"), ("other", "int"), ("last", "int")), field: 1);
        Assert.Equal(("renamed", "fresh"), (proposal!.Kind, proposal.Path));
        Assert.Contains("has fresh (struct timespec64) between first and last; that of the object has gone (struct timespec64) there", proposal.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_moved_into_a_nested_struct_is_proposed_with_its_path()
    {
        var proposal = Propose(
            types => types.Struct("inode", 16, new BtfWriter.Member("i_ctime", Time(types), 0)),
            types =>
            {
                var times = types.Struct("inode_times", 16, new BtfWriter.Member("i_ctime", Time(types), 0));
                types.Struct("inode", 16, new BtfWriter.Member("times", times, 0));
            });
        Assert.Equal(("moved-into", "times.i_ctime"), (proposal!.Kind, proposal.Path));
    }

    [Fact]
    public void A_number_of_the_same_name_behind_a_pointer_proves_nothing()
    {
        Assert.Null(Propose(
            types => types.Struct("inode", 4, new BtfWriter.Member("flags", types.Int("int", 4), 0)),
            types =>
            {
                var other = types.Struct("other", 4, new BtfWriter.Member("flags", types.Int("int", 4), 0));
                types.Struct("inode", 8, new BtfWriter.Member("other", types.Ptr(other), 0));
            }));
    }

    [Fact]
    public void A_field_of_an_incompatible_type_is_not_proposed()
    {
        Assert.Null(Propose(
            types => types.Struct("inode", 4, new BtfWriter.Member("flags", types.Int("int", 4), 0)),
            types => types.Struct("inode", 8, new BtfWriter.Member("__flags", types.Ptr(types.Int("int", 4)), 0))));
    }

    [Fact]
    public void Another_name_for_the_value_of_an_enumerator_is_proposed()
    {
        var bpf = new ObjectWriter();
        var local = bpf.Btf.Enum("state", 4, false, ("OLD_NAME", 3));
        var change = Report(bpf, local, "0", CoreReloKind.EnumValue, types => types.Enum("state", 4, false, ("OTHER", 1), ("NEW", 3)));
        Assert.Equal(("renamed", "NEW", null), (change.Proposal!.Kind, change.Proposal.Path, change.Proposal.Type));
    }

    [Fact]
    public void Each_member_of_each_struct_that_a_pointer_leads_to_is_paid_for()
    {
        const int pointers = 100, members = 200;
        var (local, kernel) = (new BtfWriter(), new BtfWriter());
        var root = local.Struct("row", 4, new BtfWriter.Member("gone", local.Int("int", 4), 0));
        var number = kernel.Int("int", 4);
        var inner = kernel.Ptr(
            kernel.Struct("inner", 4, [.. Enumerable.Range(0, members).Select(i => new BtfWriter.Member($"m{i}", number, 0))]));
        var outer = kernel.Struct("row", 8, [.. Enumerable.Range(0, pointers).Select(i => new BtfWriter.Member($"p{i}", inner, 0))]);
        var work = new WorkBudget(1 << 20, TestContext.Current.CancellationToken);
        var access = new AccessSpec(BtfReader.Read(local.ToBytes()), root, CoreReloKind.FieldByteOffset, [], [], 0);
        var types = BtfReader.Read(kernel.ToBytes());
        Assert.Empty(new StructComparison(new(work), FieldEvidence.OfObject(access), 1, "gone", types, outer, work).Find());
        Assert.InRange(work.Spent, pointers * members, 2 * pointers * members);
    }

    private static FieldProposal? Propose(Func<BtfWriter, uint> local, Action<BtfWriter> kernel, int field = 0)
    {
        var bpf = new ObjectWriter();
        var change = Report(bpf, local(bpf.Btf), $"0:{field}", CoreReloKind.FieldByteOffset, kernel);
        Assert.Equal("missing", change.Change);
        return change.Proposal;
    }

    private static FieldChange Report(ObjectWriter writer, uint type, string access, CoreReloKind kind, Action<BtfWriter> kernel)
    {
        var section = writer.Section("raw_tp/x");
        var first = section.Add(new Instruction(0xb7, 1, 0, 0, 0), new Instruction(0x95, 0, 0, 0, 0));
        section.Function("x", first, 2);
        writer.Relo(section, first, type, access, kind);
        var bpf = BpfObject.Read(writer.ToBytes());
        var types = new BtfWriter();
        kernel(types);
        var stop = TestContext.Current.CancellationToken;
        var relocated = Assert.IsType<Relocated>(Relocator.Relocate(bpf, BtfReader.Read(types.ToBytes()), stop));
        return Assert.Single(ReportBuilder.Build(bpf, relocated, stop).FieldChanges);
    }

    private static uint Time(BtfWriter types) =>
        types.Struct("timespec64", 16, new BtfWriter.Member("tv_sec", types.Int("long", 8, BtfInt.SignedEncoding), 0));

    private static uint Row(BtfWriter types, params (string Name, string Type)[] members)
    {
        var (number, time) = (types.Int("int", 4, BtfInt.SignedEncoding), Time(types));
        return types.Struct("row", (uint)members.Length * 16,
            [.. members.Select((member, i) => new BtfWriter.Member(member.Name, member.Type == "int" ? number : time, (uint)i * 128))]);
    }
}
