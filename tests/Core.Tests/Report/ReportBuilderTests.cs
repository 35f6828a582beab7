using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Report;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Report;

public class ReportBuilderTests
{
    private static BtfWriter.Member M(string name, uint type, uint bit, uint bits = 0) => new(name, type, bit, bits);

    private static RelocationReport Build(Ask ask)
    {
        var answer = ask.Run();
        return ReportBuilder.Build(answer.Object, answer.Relocated, TestContext.Current.CancellationToken);
    }

    private static Ask Task() => new(
        b => { var u = b.Int("u64", 8); return b.Struct("task_struct", 32, M("flags", u, 0), M("state", u, 128), M("gone", u, 192)); },
        b => { var u = b.Int("u64", 8); b.Struct("task_struct", 40, M("flags", u, 0), M("state", u, 192)); });

    [Fact]
    public void A_moved_field_is_listed_once_with_its_uses()
    {
        var report = Build(Task().Load("0:1", 16).Load("0:0", 0).Load("0:1", 16));
        var change = Assert.Single(report.FieldChanges);
        Assert.Equal(("struct task_struct", "state", "0:1", "moved"), (change.Type, change.Field, change.AccessPath, change.Change));
        Assert.Equal(
            (16L, 24L, 8L, 8L), (change.LocalOffsetBytes, change.TargetOffsetBytes, change.LocalSizeBytes, change.TargetSizeBytes));
        Assert.Equal([0, 2], change.Uses);
        Assert.Equal(new RelocationSummary(3, 2, 1, 0, 0, 1, 0), report.Summary);
        Assert.Equal(Verdict.Ok, report.Verdict);
    }

    [Fact]
    public void An_entry_shows_the_instruction_before_and_after()
    {
        var entry = Build(Task().Load("0:1", 16)).Relocations[0];
        Assert.Equal(("r1 = *(u64 *)(r2 + 16)", "r1 = *(u64 *)(r2 + 24)"), (entry.Before, entry.After));
        Assert.Equal(
            ("struct task_struct.state (0:1 @ offset 16)", "struct task_struct.state (0:1 @ offset 24)"), (entry.Local, entry.Target));
        Assert.Equal(
            ("field-byte-offset", RelocationEffect.Changed, 16L, 24L), (entry.Kind, entry.Outcome, entry.LocalValue, entry.TargetValue));
        Assert.Equal(("raw_tp/x", "raw_tp_x", 0), (entry.Section, entry.Program, entry.Instruction));
    }

    [Fact]
    public void A_poisoned_instruction_breaks_the_verdict_and_says_why()
    {
        var report = Build(Task().Load("0:2", 24));
        var entry = report.Relocations[0];
        Assert.Equal((RelocationEffect.Poisoned, "no-field", null, null), (entry.Outcome, entry.Reason, entry.Target, entry.TargetValue));
        Assert.Equal("call 195896080", entry.After);
        Assert.Equal(["[2] struct task_struct: non-matching"], entry.Candidates!);
        Assert.Equal((Verdict.Broken, 1, 1), (report.Verdict, report.Summary.Poisoned, report.Summary.PoisonedReachable));
        Assert.Equal("missing", Assert.Single(report.FieldChanges).Change);
        var warning = Assert.Single(report.Warnings, w => w.Code == "poisoned-instruction");
        Assert.Contains("<byte_off> [2] struct task_struct.gone (0:2 @ offset 24)", warning.Message, StringComparison.Ordinal);
        Assert.Contains("invalid func unknown#195896080", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_of_existence_is_no_poison_and_tells_why_it_is_zero()
    {
        var report = Build(Task().Move(CoreReloKind.FieldExists, "0:2", 1));
        Assert.Equal((RelocationEffect.Changed, "no-field", 0L),
            (report.Relocations[0].Outcome, report.Relocations[0].Reason, report.Relocations[0].TargetValue));
        Assert.Equal(Verdict.Ok, report.Verdict);
    }

    [Fact]
    public void Resized_and_signedness_changes_are_named()
    {
        static Ask Two(Func<BtfWriter, uint> local, Func<BtfWriter, uint> target) => new(
            b => b.Struct("s", 16, M("x", local(b), 0)), b => { var t = target(b); b.Struct("s", 16, M("x", t, 0)); });
        Assert.Equal("resized", Build(Two(b => b.Int("u64", 8), b => b.Int("u32", 4)).Load("0:0", 0)).FieldChanges[0].Change);
        var signed = Build(Two(b => b.Int("u64", 8), b => b.Int("s64", 8, 1)).Load("0:0", 0));
        Assert.Equal("signedness", signed.FieldChanges[0].Change);
        Assert.Contains(signed.Warnings, w => w.Code == "signedness-changed");
        var probed = Build(Two(b => b.Int("u32", 4), b => b.Int("u64", 8)).Move(CoreReloKind.FieldByteOffset, "0:0", 0));
        Assert.Contains(probed.Warnings, w => w.Code == "size-changed-probe-read");
    }

    [Fact]
    public void Bit_offsets_are_told_for_bitfields()
    {
        var report = Build(new Ask(
            b => b.Struct("s", 8, M("f", b.Int("u32", 4), 3, 2)),
            b => { var t = b.Int("u32", 4); b.Struct("s", 8, M("f", t, 37, 2)); }).Move(CoreReloKind.FieldByteOffset, "0:0", 0));
        var change = Assert.Single(report.FieldChanges);
        Assert.Equal(("moved", 0L, 3, 4L, 5),
            (change.Change, change.LocalOffsetBytes, change.LocalBitOffset, change.TargetOffsetBytes, change.TargetBitOffset));
    }

    [Fact]
    public void Enum_values_that_changed_are_told()
    {
        var report =
            Build(new Ask(b => b.Enum("e", 4, false, ("A", 1)), b => b.Enum("e", 4, false, ("A", 5))).Move(CoreReloKind.EnumValue, "0", 1));
        Assert.Equal(
            ("enum e", "A", "value-changed"), (report.FieldChanges[0].Type, report.FieldChanges[0].Field, report.FieldChanges[0].Change));
        Assert.Contains(report.Warnings, w => w.Code == "enum-value-changed");
        Assert.Equal("enum e::A = 1", report.Relocations[0].Local);
    }

    [Fact]
    public void Source_lines_belong_to_the_instructions_from_where_they_begin()
    {
        var o = new ObjectWriter();
        var s = o.Btf.Struct("s", 8, M("x", o.Btf.Int("u64", 8), 0));
        var section = o.Section("raw_tp/x");
        section.Add(new Instruction(0xb7, 0, 0, 0, 1), new Instruction(0x79, 1, 2, 0, 0), new Instruction(0x79, 1, 2, 0, 0));
        section.Line(1, "tracer.bpf.c", 42, 9, "\tu64 x = s->x;");
        o.Relo(section, 0, s, "0:0", CoreReloKind.FieldExists);
        o.Relo(section, 2, s, "0:0", CoreReloKind.FieldByteOffset);
        var bpf = BpfObject.Read(o.ToBytes());
        var kernel = new BtfWriter();
        kernel.Int("int", 4);
        var report = ReportBuilder.Build(bpf,
            Assert.IsType<Relocated>(Relocator.Relocate(bpf, BtfReader.Read(kernel.ToBytes()),
                cancellation: TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
        Assert.Null(report.Relocations[0].Source);
        Assert.Equal(new SourceLine("tracer.bpf.c", 42, 9, "u64 x = s->x;"), report.Relocations[1].Source);
    }

    [Fact]
    public void Nothing_to_relocate_and_relocated_already_are_told_apart()
    {
        static RelocationReport Of(byte[] bytes)
        {
            var bpf = BpfObject.Read(bytes);
            var kernel = new BtfWriter();
            kernel.Int("int", 4);
            var relocated = Assert.IsType<Relocated>(
                Relocator.Relocate(bpf, BtfReader.Read(kernel.ToBytes()), cancellation: TestContext.Current.CancellationToken));
            Assert.True(relocated.PatchedBytes.Span.SequenceEqual(bytes));
            return ReportBuilder.Build(bpf, relocated, TestContext.Current.CancellationToken);
        }

        Assert.Contains(Of(new ObjectWriter().ToBytes()).Warnings, w => w.Code == "nothing-to-relocate");
        Assert.Contains(Of(new ObjectWriter { OmitBtfExt = true }.ToBytes()).Warnings, w => w.Code == "nothing-to-relocate");
        Assert.Contains("no .BTF and",
            Of(new ObjectWriter { OmitBtf = true, OmitBtfExt = true }.ToBytes()).Warnings.Single(
                w => w.Code == "nothing-to-relocate").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tp_btf/sched_switch", true)]
    [InlineData("fentry/do_unlinkat", true)]
    [InlineData("?lsm/file_open", true)]
    [InlineData("raw_tp/sched_switch", false)]
    [InlineData("kprobe/do_unlinkat", false)]
    [InlineData(".text", false)]
    public void Programs_that_attach_through_kernel_btf_are_marked(string section, bool needs)
    {
        var answer = new Ask(b => b.Struct("s", 8, M("x", b.Int("u64", 8), 0)),
            b => { var u = b.Int("u64", 8); b.Struct("s", 8, M("x", u, 0)); }, section: section).Load("0:0", 0).Run();
        var report = ReportBuilder.Build(answer.Object, answer.Relocated, TestContext.Current.CancellationToken);
        Assert.Equal(needs, report.Object.Programs[0].NeedsKernelBtf);
        Assert.Equal(needs, report.Warnings.Any(w => w.Code == "needs-kernel-btf-program"));
    }

    [Fact]
    public void Another_byte_order_than_the_kernels_is_warned_of()
    {
        var o = new ObjectWriter(bigEndian: true);
        var bpf = BpfObject.Read(o.ToBytes());
        var kernel = new BtfWriter();
        kernel.Int("int", 4);
        var relocated = Assert.IsType<Relocated>(
            Relocator.Relocate(bpf, BtfReader.Read(kernel.ToBytes()), cancellation: TestContext.Current.CancellationToken));
        var report = ReportBuilder.Build(bpf, relocated, TestContext.Current.CancellationToken);
        Assert.Equal("big", report.Object.ByteOrder);
        Assert.Contains(report.Warnings, w => w.Code == "foreign-endian");
    }
}
