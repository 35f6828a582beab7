using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Diagnoses;
using Relo.Core.Elf;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Diagnoses;

/// <summary>Objects with more functions and records than any compiler writes: the work is proportional to their size.</summary>
public class LargeDiagnosisTests
{
    [Fact]
    public void Each_instruction_of_many_functions_is_found()
    {
        var text = new ElfSection(1, ".text", ElfSection.ProgBits, ElfSection.ExecInstr, 0, 0, 0, 0, 0);
        var functions = Enumerable.Range(0, 300_000).Select(i => new BpfProgram("f", text, i * 2, 2)).ToArray();
        var program = new LoadedProgram(functions);
        for (var i = 0; i < 600_000; i++)
            Assert.True(program.At(i) is { } place && ReferenceEquals(place.Function, functions[i / 2]) && place.Instruction == i);
        Assert.Null(program.At(600_000));
    }

    [Fact]
    public void Programs_that_share_many_functions_are_laid_out_with_them_until_the_limit()
    {
        var programs = new LoadedPrograms(ObjectOf(programs: 5_000, functions: 100_000));
        var layouts = programs.Entries.Select(programs.Of).ToList();
        Assert.Equal(100_002, layouts[0][0].Functions.Count);
        Assert.Equal(programs.Entries[^1], Assert.Single(Assert.Single(layouts[^1]).Functions));
    }

    [Fact]
    public void Functions_that_overlap_are_read_until_the_size_of_the_file()
    {
        const int instructions = 100;
        var writer = new ObjectWriter();
        var section = writer.Section("raw_tp/x");
        section.Add(Asm.Call(-1)); // counts from the next instruction: the first of .text
        for (var i = 1; i < instructions; i++) section.Add(Asm.Exit);
        for (var i = 0; i < 10_000; i++) section.Function($"p{i}", 0, instructions);
        writer.Section(".text").Add(Asm.Exit);
        var bpf = BpfObject.Read(writer.ToBytes());
        var calls = new CallGraph(bpf);
        Assert.InRange(bpf.Programs.Count(program => calls.Of(program).Count > 0), 1, bpf.Bytes.Length / (8 * instructions));
    }

    [Fact]
    public void A_log_about_one_access_of_many_functions_names_all_their_records()
    {
        var on = On(ObjectOf(programs: 2, functions: 50_000, records: 4));
        var trace = $"libbpf: prog 'p1': -- BEGIN PROG LOAD LOG --\nfailed to resolve CO-RE relocation {Access(on)}\n";
        var finding = Assert.Single(Refused.Diagnose(string.Concat(Enumerable.Repeat(trace, 10)), on).Findings);
        Assert.Equal(("p1", 200_000, 10), (finding.Program, finding.Relocations.Count, finding.Lines.Count));
    }

    [Fact]
    public void A_log_whose_findings_name_millions_of_records_is_refused()
    {
        var on = On(ObjectOf(programs: 30, functions: 1, records: 200_000));
        var log = Enumerable.Range(0, 30).Select(i => $"libbpf: prog 'p{i}': failed to resolve CO-RE relocation {Access(on)}\n");
        var refused = Assert.Throws<MalformedObjectException>(() => Refused.Diagnose(string.Concat(log), on));
        Assert.Contains("name more than 4194304 CO-RE records", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_search_for_what_the_verifier_reaches_can_be_cancelled()
    {
        var work = new WorkBudget(1, TestContext.Current.CancellationToken);
        var mapping = new LogMapping(Refused.Kernel, [], work, new CancellationToken(canceled: true));
        var message = new LogMessage(new(1, "invalid func unknown#195896080"), FindingKind.PoisonedRelocation, new(null));
        Assert.Throws<OperationCanceledException>(() => mapping.Map(message));
    }

    private static DiagnosedKernel On(BpfObject bpf) => Refused.On(bpf, Struct);

    private static void Struct(BtfWriter types) => types.Struct("s", 8, new BtfWriter.Member("there", types.Int("u64", 8), 0));

    private static string Access(DiagnosedKernel on) => Assert.Single(on.Bpf.Specs).Spec!.LibbpfText;

    /// <summary>
    /// Programs that call one function of .text, which calls all others; each of those has that many records about one field.
    /// </summary>
    private static BpfObject ObjectOf(int programs, int functions, int records = 0)
    {
        var writer = new ObjectWriter();
        Struct(writer.Btf);
        var root = writer.Btf.NextId - 1;
        var entries = writer.Section("raw_tp/x");
        var text = writer.Section(".text");
        var size = Math.Max(records, 1);
        // A call counts from the next instruction, also into .text.
        for (var i = 0; i < programs; i++) entries.Function($"p{i}", entries.Add(Asm.Call(-i - 1)), 1);
        for (var i = 0; i < functions; i++) text.Add(Asm.Call(functions + (i * size) - i - 1));
        text.Function("hub", 0, functions);
        for (var i = 0; i < functions * size; i++)
        {
            var at = text.Add(Asm.Load(1, 2, 0));
            if (records > 0) writer.Relo(text, at, root, "0:0", CoreReloKind.FieldByteOffset);
            if (i % size == 0) text.Function($"f{i / size}", at, size);
        }
        return BpfObject.Read(writer.ToBytes());
    }
}
