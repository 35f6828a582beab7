using System.Text;
using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Contents;
using Relo.Core.MinimalBtf;
using Relo.Core.Objects;
using Relo.Core.Report;
using Relo.Core.Tests.Building;
using Relo.Core.Tests.Fixtures;
using static Relo.Core.Btf.BtfWriter;
using static Relo.Core.Tests.Robustness.HostileObject;

namespace Relo.Core.Tests.Robustness;

/// <summary>
/// Very large counts: the work is proportional to the size of the file, or the file is refused with the fault and its place.
/// </summary>
public sealed class LargeInputTests
{
    private const uint Executable = 6;

    [Fact]
    public void More_sections_than_a_header_can_count_each_with_a_record()
    {
        const int sections = 70_000;
        var elf = new StringBuilder("\0f\0");
        var strings = new StringBuilder("\0int\00\0");
        uint[] names = new uint[sections], cores = new uint[1 + (sections * 6)];
        cores[0] = 16;
        for (var i = 0; i < sections; i++)
        {
            names[i] = (uint)elf.Length;
            ((uint[])[(uint)strings.Length, 1, 0, 1, 5, (uint)CoreReloKind.TypeSize]).CopyTo(cores, 1 + (i * 6));
            elf.Append('s').Append(i).Append('\0');
            strings.Append('s').Append(i).Append('\0');
        }
        var file = new HostileObject(Encoding.ASCII.GetBytes(elf.ToString()));
        file.Section(".BTF", 1, RawBtf([1, 0x01000000, 4, 32], Encoding.ASCII.GetBytes(strings.ToString())));
        file.Section(".BTF.ext", 1, RawExt([], cores));
        var code = Words(0x1b7, 4);
        foreach (var name in names) file.Section(name, 1, code, Executable);
        file.Section(names[0], 1, code, Executable);
        var bytes = file.ToArray();

        Assert.Null(Proportion.Of(bytes, Samples.SyscallWork));
        var bpf = BpfObject.Read(bytes);
        var report = ReportBuilder.Build(bpf,
            Assert.IsType<Relocated>(Relocator.Relocate(bpf, BtfReader.Read(Samples.SyscallWork),
                cancellation: TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
        Assert.Equal(sections, report.Warnings.Count(w => w.Code == "record-outside-program"));
        Assert.Contains("'s0'", Assert.Single(report.Warnings, w => w.Code == "duplicate-section").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000_000, "there are 1000000 CO-RE records, at most 262144 are accepted")]
    [InlineData(100_000, null)]
    public void Records_by_the_million(int count, string? refused)
    {
        var cores = new uint[3 + (count * 4)];
        (cores[0], cores[1], cores[2]) = (16, 5, (uint)count);
        for (var i = 0; i < count; i++) ((uint[])[(uint)i * 8, 1, 9, (uint)CoreReloKind.TypeSize]).CopyTo(cores, 3 + (i * 4));
        var answer =
            Proportion.Of(Program(count, RawBtf([1, 0x01000000, 4, 32], "\0int\0tc\0\00\0"u8.ToArray()), [], cores), Samples.SyscallWork);
        if (refused is null) Assert.Null(answer);
        else Assert.Contains(refused, answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_source_lines_and_functions()
    {
        const int count = 1_000_000;
        var lines = new uint[3 + (count * 4)];
        (lines[0], lines[1], lines[2]) = (16, 5, count);
        // Backwards, so that they have to be put in order.
        for (var i = 0; i < count; i++) ((uint[])[(uint)(count - 1 - i) * 8, 5, 5, (uint)(count - i) << 10]).CopyTo(lines, 3 + (i * 4));
        var bytes = Program(
            2, RawBtf([1, 0x01000000, 4, 32], "\0int\0tc\0\00\0"u8.ToArray()), lines, [16, 5, 1, 8, 1, 9, (uint)CoreReloKind.TypeSize]);
        Assert.Null(Proportion.Of(bytes, Samples.SyscallWork));
        Assert.Equal(2, Assert.Single(ObjectContents.Of(BpfObject.Read(bytes)).Relocations).Source!.Line);

        var functions = new uint[3 + (count * 2)];
        (functions[0], functions[1], functions[2]) = (8, 5, count);
        var elf = new HostileObject();
        elf.Section(".BTF", 1, RawBtf([], "\0int\0tc\0"u8.ToArray()));
        elf.Section(
            ".BTF.ext", 1, [.. Words(0x0001eb9f, 24, 0, (uint)functions.Length * 4, (uint)functions.Length * 4, 0), .. Words(functions)]);
        Assert.Null(Proportion.Of(elf.ToArray(), Samples.SyscallWork));
    }

    [Fact]
    public void Counts_of_members_that_are_not_there()
    {
        foreach (var kind in (uint[])[4, 5, 6, 13, 15, 19])
            Assert.Contains("bytes, but only 12 are left",
                Assert.Throws<MalformedObjectException>(
                    () => BtfReader.Read(RawBtf([1, (kind << 24) | 0xffffff, 4], "\0s\0"u8.ToArray()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_struct_of_a_million_members()
    {
        const int count = 1_000_000;
        var types = new uint[4 + 3 + (count * 3)];
        ((uint[])[1, 0x01000000, 4, 32, 5, 0x04000000 | count, 4]).CopyTo(types, 0);
        for (var i = 0; i < count; i++) ((uint[])[i == count - 1 ? 9u : 7u, 1, 0]).CopyTo(types, 7 + (i * 3));
        var kernel = RawBtf(types, "\0int\0s\0a\0b\0"u8.ToArray());
        var ask = new Ask(b => b.Struct("s", 4, new Member("b", b.Int("int", 4), 0)), _ => { }).Move(CoreReloKind.FieldExists, "0:0", 1)
            .Open().Object;
        // Unknown to libbpf's path of 64 steps: only the depth counts, not the place among the members.
        Assert.Null(Proportion.Of(ask.Bytes.ToArray(), kernel));
        var relocated =
            Assert.IsType<Relocated>(Relocator.Relocate(ask, BtfReader.Read(kernel), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(1ul, relocated.Fixups[0].Resolution.TargetValue);
        Assert.Equal(count - 1, relocated.Fixups[0].Resolution.Target!.Raw[1]);
    }

    [Fact]
    public void Accesses_of_many_steps_are_refused_when_there_are_too_many()
    {
        const int count = 40_000, steps = 64;
        // Each record has a different access string, made with more or fewer zeros before the first step.
        var strings = new StringBuilder("\0int\0tc\0\0");
        var path = string.Concat(Enumerable.Repeat(":0", steps - 1));
        for (var i = 0; i < 100; i++) strings.Append('0', 100 + i).Append(path).Append('\0');
        var cores = new List<uint> { 16, 5, count };
        var at = 9u;
        for (var i = 0; i < 100; at += 100 + (uint)i + (uint)path.Length + 1, i++)
            for (var j = 0u; j < count / 100; j++) cores.AddRange([8 * (j + (400 * (uint)i)), steps, at + (j / 4), j % 4]);
        var nested = new List<uint> { 1, 0x01000000, 4, 32 };
        for (var i = 1u; i < steps; i++) nested.AddRange([5, 0x04000001, 4, 5, i, 0]);
        var bytes = Program(count, RawBtf(nested, Encoding.ASCII.GetBytes(strings.ToString())), [], [.. cores]);
        Assert.Contains(
            "have more than 2097152 steps", Proportion.Of(2 * bytes.Length, () => BpfObject.Read(bytes)), StringComparison.Ordinal);
    }

    [Fact]
    public void Source_lines_of_megabytes_are_cut()
    {
        var strings = Encoding.ASCII.GetBytes("\0int\0tc\0\00\0" + new string('x', 8 << 20) + "\0");
        var cores = new uint[] { 16, 5, 1, 0, 1, 9, (uint)CoreReloKind.TypeSize };
        var bytes = Program(1, RawBtf([1, 0x01000000, 4, 32], strings), [16, 5, 1, 0, 11, 11, 1 << 10], cores);
        Assert.Null(Proportion.Of(bytes, Samples.SyscallWork));
        Assert.InRange(Assert.Single(ObjectContents.Of(BpfObject.Read(bytes)).Relocations).Source!.Text.Length, 100, 500);
    }

    [Fact]
    public void Calls_that_lead_nobody_knows_where_in_an_object_of_many_functions()
    {
        // Every call makes all functions reachable; finding that out once is enough. Otherwise the budget ends before anything is proven.
        const int functions = 3_000, calls = 4_000;
        var code = new Guarded().Exists(1).Add(Asm.If(Opcode.Jeq, 1, 0, 1)).Poison();
        for (var i = 0; i < calls; i++) code.Add(Asm.Call(500_000));
        code.Add(Asm.Mov(0, 0), Asm.Exit);
        code.In(".text");
        for (var i = 0; i < functions; i++) code.Section.Function($"f{i}", code.Section.Add(Asm.Mov(0, 0), Asm.Exit), 2);
        Assert.Equal([false], code.Run(steps: 1_000_000));
    }

    [Fact]
    public void Minimal_BTF_where_thousands_ask_about_thousands_of_one_name()
    {
        const int askers = 1_000, candidates = 20_000;
        var ask = new Ask(b => S(b, "s"), b => { for (var i = 0; i < candidates; i++) b.Struct("s", 0); });
        for (var i = 0; i < askers; i++) ask.Move(CoreReloKind.TypeIdTarget, "0", 1, root: S(ask.Local, $"s___{i}"));
        var (bpf, kernel) = ask.Open();
        var answers = new ResolvedObject(bpf, kernel, [], null);
        Assert.Null(Proportion.Of(
            bpf.Bytes.Length, () => Assert.Equal(candidates, answers.Candidates(TestContext.Current.CancellationToken).Count())));
    }

    private static byte[] Program(int instructions, byte[] btf, uint[] lines, uint[] cores)
    {
        var elf = new HostileObject(Encoding.ASCII.GetBytes("\0f\0tc\0"));
        elf.Section(".BTF", 1, btf);
        var code = new byte[instructions * 8];
        for (var i = 0; i < instructions; i++) (code[i * 8], code[(i * 8) + 1], code[(i * 8) + 4]) = (0xb7, 1, 4);
        var text = elf.Section(3u, 1, code, Executable);
        var strings = elf.Section(".strtab", 3, "\0f\0"u8.ToArray());
        elf.Section(
            ".symtab", 2, [.. Symbol(0, 0, 0, 0, 0), .. Symbol(1, 0x12, (ushort)text, 0, (ulong)code.Length)], 0, (uint)strings, 24);
        elf.Section(".BTF.ext", 1, RawExt(lines, cores));
        return elf.ToArray();
    }

    private static uint S(BtfWriter b, string name) => b.Struct(name, 4, new Member("x", b.Int("int", 4), 0));
}
