using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Compatibility;
using Relo.Core.MinimalBtf;
using Relo.Core.Objects;
using Relo.Core.Relocation;
using Relo.Core.Report;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>
/// <c>SEC("?…")</c>: libbpf neither loads nor relocates these programs unless asked to (bpf_object__relocate_core:
/// <c>if (!prog->autoload) continue</c>).
/// </summary>
public class OptionalProgramTests
{
    private readonly ObjectWriter _object = new();
    private readonly BtfWriter _kernel = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static uint Struct(BtfWriter b, string name, params (string Name, uint Byte)[] fields)
    {
        var u64 = b.Int("unsigned long", 8);
        return b.Struct(name, 64, [.. fields.Select(f => new BtfWriter.Member(f.Name, u64, f.Byte * 8))]);
    }

    /// <summary>A program that loads a field at a time: <c>r1 = *(u64 *)(r2 + offset)</c>.</summary>
    private void Program(string section, params (uint Root, string Access, short Offset)[] loads)
    {
        var program = _object.Section(section);
        foreach (var (root, access, offset) in loads)
            _object.Relo(program, program.Add(new Instruction(0x79, 1, 2, offset, 0)), root, access, CoreReloKind.FieldByteOffset);
        program.Add(Asm.Mov(0, 0), Asm.Exit);
    }

    private (BpfObject Object, RelocationOutcome Outcome) Run()
    {
        var bpf = BpfObject.Read(_object.ToBytes());
        return (bpf, Relocator.Relocate(bpf, BtfReader.Read(_kernel.ToBytes()), cancellation: Stop));
    }

    private static short[] Offsets(RelocationOutcome outcome) =>
        [.. Assert.IsType<Relocated>(outcome).Fixups.Select(f => f.IsPoisoned ? (short)-1 : f.Change.After.First.Off)];

    [Fact]
    public void An_optional_program_narrows_no_candidates_of_the_others()
    {
        Struct(_kernel, "adapter", ("a", 8), ("both", 16));
        Struct(_kernel, "adapter", ("b", 24), ("both", 16));
        var adapter = Struct(_object.Btf, "adapter", ("a", 0), ("b", 8));
        Program("?kprobe/x", (adapter, "0:0", 0)); // Keeps the first adapter only, in which there is no b.
        Program("kprobe/y", (adapter, "0:1", 8));

        Assert.Equal([8, 24], Offsets(Run().Outcome));
    }

    [Fact]
    public void Each_optional_program_has_candidates_of_its_own()
    {
        Struct(_kernel, "adapter", ("a", 8));
        Struct(_kernel, "adapter", ("b", 24));
        var adapter = Struct(_object.Btf, "adapter", ("a", 0), ("b", 8));
        Program("kprobe/w", (adapter, "0:0", 0));
        Program("?kprobe/x", (adapter, "0:1", 8));
        Program("?kprobe/y", (adapter, "0:0", 0), (adapter, "0:1", 8)); // Within a program the first record narrows.

        Assert.Equal([8, 24, 8, -1], Offsets(Run().Outcome));
    }

    [Fact]
    public void Programs_of_one_optional_section_do_not_share_candidates()
    {
        Struct(_kernel, "adapter", ("a", 8));
        Struct(_kernel, "adapter", ("b", 24));
        var adapter = Struct(_object.Btf, "adapter", ("a", 0), ("b", 8));
        var section = _object.Section("?kprobe/x");
        section.Add(new Instruction(0x79, 1, 2, 0, 0), Asm.Exit, new Instruction(0x79, 1, 2, 8, 0), Asm.Exit);
        section.Function("one", 0, 2);
        section.Function("two", 2, 2);
        _object.Relo(section, 0, adapter, "0:0", CoreReloKind.FieldByteOffset);
        _object.Relo(section, 2, adapter, "0:1", CoreReloKind.FieldByteOffset);

        Assert.Equal([8, 24], Offsets(Run().Outcome));
    }

    [Fact]
    public void Functions_in_text_are_never_optional()
    {
        Struct(_kernel, "adapter", ("x", 8));
        Struct(_kernel, "adapter", ("x", 16));
        var adapter = Struct(_object.Btf, "adapter", ("x", 0));
        Program("?kprobe/x");
        Program(".text", (adapter, "0:0", 0));

        // libbpf sets autoload for .text, even if only optional programs call it.
        Assert.Contains("field offset ambiguity", Assert.IsType<RelocationFailed>(Run().Outcome).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ambiguity_in_an_optional_program_poisons_it_and_is_a_warning()
    {
        Struct(_kernel, "adapter", ("x", 8));
        Struct(_kernel, "adapter", ("x", 16));
        Struct(_kernel, "task", ("pid", 40));
        var (adapter, task) = (Struct(_object.Btf, "adapter", ("x", 0)), Struct(_object.Btf, "task", ("pid", 8)));
        Program("?kprobe/maybe", (adapter, "0:0", 0), (task, "0:0", 8));
        Program("kprobe/must", (task, "0:0", 8));

        var (bpf, outcome) = Run();

        Assert.Equal([-1, 40, 40], Offsets(outcome));
        var report = ReportBuilder.Build(bpf, (Relocated)outcome, Stop);
        var warning = Assert.Single(report.Warnings, w => w.Code == "optional-program-refused");
        Assert.Equal(("kprobe_maybe", 0), (warning.Program, warning.Relocation));
        Assert.Contains("field offset ambiguity: 128 != 64", warning.Message, StringComparison.Ordinal);
        Assert.Equal(("relocation-failed", RelocationEffect.Poisoned, null),
            (report.Relocations[0].Reason, report.Relocations[0].Outcome, report.Relocations[0].TargetValue));
        Assert.DoesNotContain(report.Warnings, w => w.Code == "poisoned-instruction");
        Assert.DoesNotContain(report.FieldChanges, c => c.Type == "struct adapter"); // It is there, and nobody knows which.
        Assert.Equal([("kprobe_maybe", true), ("kprobe_must", false)], report.Object.Programs.Select(p => (p.Name, p.Optional)));
    }

    public static TheoryData<string, Instruction[], CoreReloKind, string> HardErrors => new()
    {
        { "an immediate that is not what the record says", [Asm.Mov(1, 5)], CoreReloKind.FieldByteOffset, "0:0" },
        { "an offset that is not what the record says", [new(0x79, 1, 2, 5, 0)], CoreReloKind.FieldByteOffset, "0:0" },
        { "a 64-bit load that is not what the record says", [new(0x18, 1, 0, 0, 5), new(0, 0, 0, 0, 0)], CoreReloKind.FieldByteOffset, "0:0" },
        { "a jump", [new(0x05, 0, 0, 0, 0)], CoreReloKind.FieldByteOffset, "0:0" },
        { "an unknown kind", [Asm.Mov(1, 0)], (CoreReloKind)77, "0:0" },
        { "an access string that cannot be read", [Asm.Mov(1, 0)], CoreReloKind.FieldByteOffset, "0:x" },
        { "a member that is not there", [Asm.Mov(1, 0)], CoreReloKind.FieldByteOffset, "0:9" },
    };

    [Theory]
    [MemberData(nameof(HardErrors))]
    public void A_hard_error_of_an_optional_program_poisons_instructions_of_any_form(
        string what, Instruction[] code, CoreReloKind kind, string access)
    {
        Struct(_kernel, "task", ("pid", 40));
        var task = Struct(_object.Btf, "task", ("pid", 0));
        var section = _object.Section("?kprobe/maybe");
        section.Add(code);
        section.Add(Asm.Exit);
        _object.Relo(section, 0, task, access, kind);

        var (bpf, outcome) = Run();

        var fixup = Assert.Single(Assert.IsType<Relocated>(outcome).Fixups);
        Assert.True(fixup.IsRefused, what);
        Assert.Equal(code[0], fixup.Change.Before.First);
        var patched = ((Relocated)outcome).PatchedBytes.Span[(int)bpf.Programs[0].Section.Offset..];
        for (var slot = 0; slot < code.Length; slot++)
            Assert.Equal(InstructionPatcher.Poison, Instruction.Read(patched[(slot * 8)..], false));
        Assert.Equal(Asm.Exit, Instruction.Read(patched[(code.Length * 8)..], false));
        // Everything that reads fixups copes with an access that cannot be read.
        var report = ReportBuilder.Build(bpf, (Relocated)outcome, Stop);
        Assert.Single(report.Warnings, w => w.Code == "optional-program-refused");
        var many = Assert.IsType<Relocatable>(new CompatibilityCheck(bpf).Of(BtfReader.Read(_kernel.ToBytes()), cancellation: Stop));
        Assert.Equal("relocation-failed", Assert.Single(many.Missing).Reason);
    }

    [Fact]
    public void A_64_bit_load_that_lacks_its_second_slot_is_poisoned_as_well()
    {
        var task = Struct(_object.Btf, "task", ("pid", 0));
        Struct(_kernel, "task", ("pid", 40));
        var section = _object.Section("?kprobe/maybe");
        section.Add(new Instruction(0x18, 1, 0, 0, 0));
        _object.Relo(section, 0, task, "0:0", CoreReloKind.FieldByteOffset);

        Assert.Equal(InstructionPatcher.Poison, Assert.Single(Assert.IsType<Relocated>(Run().Outcome).Fixups).Change.After.First);
    }

    [Fact]
    public void Fixups_are_in_record_order_and_leave_out_records_of_no_program()
    {
        Struct(_kernel, "task", ("pid", 40), ("gone", 48));
        var task = Struct(_object.Btf, "task", ("pid", 0), ("gone", 8));
        Program("?kprobe/a", (task, "0:0", 0));
        Program("kprobe/b", (task, "0:1", 8));
        var dropped = _object.Section("kprobe/c");
        dropped.Add(Asm.Mov(1, 0), Asm.Mov(0, 0), Asm.Exit);
        dropped.Function("c", 1, 2);
        _object.Relo(dropped, 0, task, "0:0", CoreReloKind.FieldByteOffset);
        Program("?kprobe/d", (task, "0:1", 8));

        Assert.Equal([0, 1, 3], Assert.IsType<Relocated>(Run().Outcome).Fixups.Select(f => f.Record.Index));
    }

    [Fact]
    public void An_instruction_offset_between_instructions_fails_the_object_even_in_an_optional_program()
    {
        // bpf_object__relocate_core returns -EINVAL for it before it looks up the program.
        var task = Struct(_object.Btf, "task", ("pid", 0));
        Struct(_kernel, "task", ("pid", 40));
        Program("?kprobe/a", (task, "0:0", 0));
        var bytes = _object.ToBytes();
        var ext = BpfObject.Read(bytes).ExtSection!;
        var record = (int)(ext.Offset + ext.Size) - 16;
        Assert.Equal(0, bytes[record]);
        bytes[record] = 4;

        var failed = Relocator.Relocate(BpfObject.Read(bytes), BtfReader.Read(_kernel.ToBytes()), cancellation: Stop);
        Assert.Contains("insn_off 4 is not a multiple of 8", Assert.IsType<RelocationFailed>(failed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Minimal_btf_serves_optional_programs_and_is_failed_by_none()
    {
        Struct(_kernel, "adapter", ("x", 8));
        Struct(_kernel, "adapter", ("x", 16));
        Struct(_kernel, "task", ("pid", 40));
        var (adapter, task) = (Struct(_object.Btf, "adapter", ("x", 0)), Struct(_object.Btf, "task", ("pid", 8)));
        Program("?kprobe/a", (adapter, "0:0", 0));
        Program("?kprobe/b", (task, "0:0", 8));

        var bpf = BpfObject.Read(_object.ToBytes());
        var made = Assert.IsType<MinimalBtfMade>(MinimalBtfMaker.Make(bpf, BtfReader.Read(_kernel.ToBytes()), Stop));
        var minimal = BtfReader.Read(made.Bytes);
        Assert.Contains(
            Assert.IsType<Relocated>(Relocator.Relocate(bpf, minimal, cancellation: Stop)).Fixups, f => f.Change.After.First.Off == 40);
    }

    [Fact]
    public void The_texts_of_hard_errors_have_a_budget()
    {
        var task = Struct(_object.Btf, new string('n', 1000), ("pid", 0));
        var program = _object.Section("?kprobe/a");
        for (var i = 0; i < 10_000; i++) _object.Relo(program, program.Add(Asm.Mov(1, 0)), task, "0:9", CoreReloKind.FieldByteOffset);
        program.Add(Asm.Exit);

        Assert.Contains("too much work", Assert.IsType<RelocationFailed>(Run().Outcome).Message, StringComparison.Ordinal);
    }
}
