using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Checks;
using Relo.Core.Reachability;
using Relo.Core.Tests.Building;
using Relo.Core.Tests.Robustness;

namespace Relo.Core.Tests.Checks;

/// <summary>What programs read of a tracepoint without CO-RE, against what the kernel passes.</summary>
public class TracepointUseTests
{
    private const string Section = "tp/sched/sched_switch";

    // r0 = *(u32 *)(r1 + offset)
    private static Instruction Read(short offset, byte from = 1) => new(0x61, 0, from, offset, 0);

    // r0 = *(u64 *)(r1 + 8 * argument)
    private static Instruction Argument(int argument) => new(0x79, 0, 1, (short)(8 * argument), 0);

    /// <summary>
    /// A program whose context is a struct of the object: 8 bytes of common fields, and next_pid after what is before it.
    /// </summary>
    private static Held Program(string name, params ReadOnlySpan<Instruction> code)
    {
        var held = new Held().Code(Section, code);
        Context(held, name);
        return held.Kernel(k => k.Tracepoint("sched_switch"));
    }

    private static void Context(Held held, string name)
    {
        var types = held.Types;
        var context = types.Ptr(Record(types, name, 56));
        types.Ref(BtfKind.Func, types.FuncProto(types.Int("int", 4), ("ctx", context)), "sched_switch_prog", 1);
    }

    private static uint Record(BtfWriter types, string name, uint nextPid) => types.Struct(
        name, 64, new BtfWriter.Member("prev_pid", types.Int("int", 4), 24 * 8),
        new BtfWriter.Member("next_pid", types.Int("int", 4), nextPid * 8));

    private static Check Target(Held held) => held.Check(NeedKind.AttachTarget);

    [Theory]
    [InlineData("trace_event_raw_sched_switch")]
    [InlineData("trace_event_raw_sched_switch___mine")]
    [InlineData("sched_switch_args")]
    public void A_field_that_is_read_and_has_moved_is_changed(string name)
    {
        var check = Target(Program(name, Read(56)).Kernel(k => Record(k, "trace_event_raw_sched_switch", 60)));
        Assert.Equal(
            (CheckStatus.Changed,
                "sched_switch_prog reads next_pid at 56, and it is at 60: struct trace_event_raw_sched_switch in vmlinux"),
            (check.Status, check.Evidence));
    }

    [Fact]
    public void Fields_that_are_not_read_or_are_where_they_were_do_not_count()
    {
        Assert.Equal(CheckStatus.Present,
            Target(Program("sched_switch_args", Read(24)).Kernel(k => Record(k, "trace_event_raw_sched_switch", 60))).Status);
        Assert.Equal(CheckStatus.Present,
            Target(Program("sched_switch_args", Read(56)).Kernel(k => Record(k, "trace_event_raw_sched_switch", 56))).Status);
    }

    // A thousand reads, and as many fields after what is read.
    [Fact]
    public void Names_of_fields_that_are_not_read_are_not_decoded()
    {
        const int count = 1_000, nameBytes = 1_000;
        var held = new Held().Code(Section, [.. Enumerable.Range(0, count).Select(i => Read((short)(8 * i)))]);
        var (types, word) = (held.Types, held.Types.Int("int", 4));
        var context = types.Struct("trace_event_raw_sched_switch", 16_384, [.. Enumerable.Range(0, count)
            .Select(i => new BtfWriter.Member($"{i}{new string('n', nameBytes)}", word, 8 * (8_192 + (4 * (uint)i))))]);
        types.Ref(BtfKind.Func, types.FuncProto(word, ("ctx", types.Ptr(context))), "sched_switch_prog", 1);
        held.Kernel(k => { k.Tracepoint("sched_switch"); Record(k, "trace_event_raw_sched_switch", 56); });
        Assert.Null(Proportion.Of(count * nameBytes, () => Assert.Equal(CheckStatus.Present, Target(held).Status)));
    }

    [Fact]
    public void A_context_that_was_moved_to_another_register_or_spilled_is_still_the_context()
    {
        // r6 = r1; r0 = *(u32 *)(r6 + 56)
        Assert.Equal(CheckStatus.Changed, Target(Program("sched_switch_args", Asm.MovReg(6, 1), Read(56, 6))
            .Kernel(k => Record(k, "trace_event_raw_sched_switch", 60))).Status);
        // *(u64 *)(r10 - 8) = r1; r3 = *(u64 *)(r10 - 8); r0 = *(u32 *)(r3 + 56)
        Assert.Equal(CheckStatus.Changed,
            Target(Program("sched_switch_args", new Instruction(0x7b, 10, 1, -8, 0), new Instruction(0x79, 3, 10, -8, 0), Read(56, 3))
            .Kernel(k => Record(k, "trace_event_raw_sched_switch", 60))).Status);
    }

    [Fact]
    public void A_load_from_something_else_at_the_same_offset_is_no_read_of_the_context() =>
        // r1 = *(u64 *)(r1 + 0); r0 = *(u32 *)(r1 + 56)
        Assert.Equal(CheckStatus.Present, Target(Program("sched_switch_args", new Instruction(0x79, 1, 1, 0, 0), Read(56))
            .Kernel(k => Record(k, "trace_event_raw_sched_switch", 60))).Status);

    [Fact]
    public void Code_that_cannot_run_does_not_count() =>
        // r2 = 0; if r2 == 0 goto +1; r0 = *(u32 *)(r1 + 56)
        Assert.Equal(CheckStatus.Present,
            Target(Program("sched_switch_args", new Instruction(0xb7, 2, 0, 0, 0), new Instruction(0x15, 2, 0, 1, 0), Read(56))
            .Kernel(k => Record(k, "trace_event_raw_sched_switch", 60))).Status);

    [Fact]
    public void What_a_record_relocates_does_not_count()
    {
        var held = new Held().Code(Section, Read(56));
        var context = Record(held.Types, "trace_event_raw_sched_switch", 56);
        held.Types.Ref(
            BtfKind.Func, held.Types.FuncProto(held.Types.Int("int", 4), ("ctx", held.Types.Ptr(context))), "sched_switch_prog", 1);
        held.Object.Relo(held.Object.LastSection, 0, context, "0:1", CoreReloKind.FieldByteOffset);
        Assert.Equal(CheckStatus.Present, Target(held.Kernel(k =>
        {
            k.Tracepoint("sched_switch");
            Record(k, "trace_event_raw_sched_switch", 60);
        })).Status);
    }

    [Fact]
    public void A_kernel_without_the_record_or_the_field_proves_no_change()
    {
        Assert.Equal(CheckStatus.Present, Target(Program("sched_switch_args", Read(56))).Status);
        Assert.Equal(CheckStatus.Present,
            Target(Program("sched_switch_args", Read(56)).Kernel(k => k.Struct("trace_event_raw_sched_switch", 8))).Status);
    }

    [Fact]
    public void An_event_of_a_class_of_another_name_is_compared_where_the_object_names_the_class()
    {
        var held = Program("trace_event_raw_sched_template", Read(56)).Kernel(k => Record(k, "trace_event_raw_sched_template", 60));
        Assert.Equal(CheckStatus.Changed, Target(held).Status);
    }

    // Kernels before 5.1 have no btf_trace_*.
    [Fact]
    public void A_kernel_that_lists_no_tracepoints_still_shows_a_moved_field()
    {
        var held = new Held().Code(Section, Read(56));
        Context(held, "sched_switch_args");
        Assert.Equal(CheckStatus.Changed, Target(held.Kernel(k => Record(k, "trace_event_raw_sched_switch", 60))).Status);
    }

    // btf_ctx_access of the kernel: "func '%s' doesn't have %d-th argument".
    [Theory]
    [InlineData("tp_btf/sched_switch")]
    [InlineData("raw_tp/sched_switch")]
    public void An_argument_that_is_read_and_not_passed_is_changed(string section)
    {
        var kernel = (BtfWriter k) =>
            { k.Ref(BtfKind.Typedef, k.Ptr(k.FuncProto(0, ("__data", 0u), ("preempt", 0u), ("prev", 0u), ("next", 0u))), "btf_trace_sched_switch"); };
        Assert.Equal(CheckStatus.Present, Target(new Held().Code(section, Argument(2)).Kernel(kernel)).Status);
        var check = Target(new Held().Code(section, Argument(3)).Kernel(kernel));
        Assert.Equal(
            (CheckStatus.Changed, "sched_switch_prog reads argument 4, and it has 3: typedef btf_trace_sched_switch in vmlinux"),
            (check.Status, check.Evidence));
    }

    [Fact]
    public void A_read_that_a_version_decides_does_not_count_on_a_kernel_of_unknown_version()
    {
        Assert.Equal(CheckStatus.Present, ReadOn(null));
        Assert.Equal(CheckStatus.Present, ReadOn(KernelVersion.Exact(6, 1, 0)));
        Assert.Equal(CheckStatus.Changed, ReadOn(KernelVersion.Exact(5, 10, 0)));
        Assert.Equal(CheckStatus.Changed, ReadOn(KernelVersion.Line(5, 10)));
        // The number gets lost where only a range is known.
        Instruction[] shifts = [Asm.Alu(Opcode.Lsh, 2, 32), Asm.Alu(Opcode.Arsh, 2, 32)];
        Assert.Equal(CheckStatus.Changed, ReadOn(KernelVersion.Exact(5, 10, 0), shifts));
        Assert.Equal(CheckStatus.Present, ReadOn(KernelVersion.Line(5, 10), shifts));
    }

    // r2 = LINUX_KERNEL_VERSION; …; if r2 > 6.0.0 goto +1; r0 = argument 4
    private static CheckStatus ReadOn(KernelVersion? kernel, params ReadOnlySpan<Instruction> code)
    {
        var held = new Held();
        var version = held.Types.Var("LINUX_KERNEL_VERSION", held.Types.Int("int", 4));
        held.Types.DataSec(".kconfig", 0, (version, 0u, 4u));
        held.Code("tp_btf/sched_switch", [
            .. Asm.Load64(2, 0), new Instruction(0x61, 2, 2, 0, 0), .. code,
            new Instruction(0x25, 2, 0, 1, (int)KernelVersion.Code(6, 0, 0)), Argument(3)]);
        held.Object.LastSection.ElfRelocation(0, "LINUX_KERNEL_VERSION");
        held.Kernel(k => k.Ref(BtfKind.Typedef, k.Ptr(k.FuncProto(0, ("__data", 0u))), "btf_trace_sched_switch"));
        return Target(kernel is { } known ? held.At(known) : held).Status;
    }
}
