using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Objects;

/// <summary>libbpf bpf_object__relocate_core, find_prog_by_sec_insn: which instruction a record is about.</summary>
public class ProgramPlaceTests
{
    private static readonly Instruction Load = new(0x79, 1, 2, 0, 0);
    private static readonly Instruction Exit = new(0x95, 0, 0, 0, 0);

    private static (BpfObject Object, Relocated Relocated) Run(Action<ObjectWriter, uint> write)
    {
        var o = new ObjectWriter();
        var s = o.Btf.Struct("s", 8, new BtfWriter.Member("x", o.Btf.Int("u64", 8), 0));
        write(o, s);
        var kernel = new BtfWriter();
        var u64 = kernel.Int("u64", 8);
        kernel.Struct("s", 16, new BtfWriter.Member("x", u64, 64));
        var bpf = BpfObject.Read(o.ToBytes());
        return (bpf,
            Assert.IsType<Relocated>(
                Relocator.Relocate(bpf, BtfReader.Read(kernel.ToBytes()), cancellation: TestContext.Current.CancellationToken)));
    }

    private static short OffsetAt((BpfObject Object, Relocated Relocated) run, int section, int instruction) =>
        Instruction.Read(run.Relocated.PatchedBytes.Span[((int)run.Object.Elf.Sections[section].Offset + (instruction * 8))..], false).Off;

    [Theory]
    [InlineData(".text")]      // subprograms are patched where they stand and copied later
    [InlineData("?kprobe/x")]  // and optional programs lest they be wrong once enabled
    [InlineData("fentry/x")]
    public void Programs_of_every_section_are_relocated(string name)
    {
        var run =
            Run((o, s) =>
                { var section = o.Section(name); section.Add(Load, Exit); o.Relo(section, 0, s, "0:0", CoreReloKind.FieldByteOffset); });
        Assert.Equal(8, OffsetAt(run, 1, 0));
    }

    [Fact]
    public void A_record_in_no_program_is_skipped_with_a_warning()
    {
        // The linker drops a weak function, but leaves its bytes and records in the object.
        var run = Run((o, s) =>
        {
            var section = o.Section(".text");
            section.Add(Load, Exit, Load, Exit);
            section.Function("kept", 2, 2);
            o.Relo(section, 0, s, "0:0", CoreReloKind.FieldByteOffset);
            o.Relo(section, 2, s, "0:0", CoreReloKind.FieldByteOffset);
        });
        Assert.Equal((0, 8), (OffsetAt(run, 1, 0), OffsetAt(run, 1, 2)));
        Assert.Single(run.Relocated.Fixups);
        var report = Core.Report.ReportBuilder.Build(run.Object, run.Relocated, TestContext.Current.CancellationToken);
        Assert.Equal(0, Assert.Single(report.Warnings, w => w.Code == "record-outside-program").Relocation);
    }

    [Fact]
    public void Of_two_sections_of_one_name_the_first_has_the_records()
    {
        var run = Run((o, s) =>
        {
            var first = o.Section("kprobe/x");
            first.Add(Load, Exit);
            first.Function("one", 0, 2);
            o.Relo(first, 0, s, "0:0", CoreReloKind.FieldByteOffset);
            var second = o.Section("kprobe/x");
            second.Add(Load, Exit);
            second.Function("two", 0, 2);
        });
        Assert.Equal((8, 0), (OffsetAt(run, 1, 0), OffsetAt(run, 2, 0)));
        Assert.Contains(Core.Report.ReportBuilder.Build(run.Object, run.Relocated, TestContext.Current.CancellationToken).Warnings,
            w => w.Code == "duplicate-section");
    }

    [Fact]
    public void Two_records_of_one_instruction_build_on_each_other()
    {
        var run = Run((o, s) =>
        {
            var section = o.Section("kprobe/x");
            section.Add(new Instruction(0xb7, 1, 0, 0, 8), Exit);
            o.Relo(section, 0, s, "0:0", CoreReloKind.FieldByteSize);
            o.Relo(section, 0, s, "0:0", CoreReloKind.FieldByteSize);
        });
        Assert.Equal(2, run.Relocated.Fixups.Count);
    }
}
