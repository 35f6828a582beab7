using System.Text.Json;
using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Report;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Report;

/// <summary>What a report holds while it is written.</summary>
[Collection(nameof(ReportMemoryTests))]
[CollectionDefinition(nameof(ReportMemoryTests), DisableParallelization = true)]
public sealed class ReportMemoryTests
{
    private const int RecordsPerProgram = 4_000;
    private const int MiB = 1 << 20;

    [Theory]
    [InlineData(17_000, 4 * MiB)]
    [InlineData(262_144, 48 * MiB)]
    public async Task Report_is_written_without_being_in_memory(int records, long mostBytes)
    {
        var bytes = ObjectOf(records);
        var before = InUse();
        var report = ReportOf(bytes);
        await using var sink = new SamplingStream(sampleEvery: Math.Max(1, records / 17_000) * MiB);
        await JsonSerializer.SerializeAsync(sink, report, cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(sink.Written, 300L * records, long.MaxValue);
        Assert.InRange(sink.PeakLive - before, long.MinValue, mostBytes); // less than before where what earlier tests left was freed
        Assert.InRange(report.HeldBytes - bytes.Length, 0, 2 * mostBytes); // what a cache counts it for
        Assert.Equal(records, report.Relocations.Count);
    }

    [Fact]
    public void Estimated_need_covers_what_each_step_holds_and_is_not_far_above()
    {
        var bytes = ObjectOf(100_000);
        var before = InUse();
        var bpf = BpfObject.Read(bytes);
        Covers(MemoryNeed.ToRead(bytes));
        var relocated = Relocate(bpf);
        Covers(MemoryNeed.ToRelocate(bpf));
        var report = ReportBuilder.Build(bpf, relocated, TestContext.Current.CancellationToken);
        var held = InUse() - before;
        // What was allocated while the report was made is garbage now, most of it for the poisoned records.
        Assert.InRange(held, 1, MemoryNeed.ToReport(bpf, relocated));
        GC.KeepAlive(report);

        void Covers(long need) => Assert.InRange(InUse() - before, need / 3, need);
    }

    [Fact]
    public void Estimated_need_of_an_object_of_a_few_records_is_less_than_a_megabyte()
    {
        var bpf = BpfObject.Read(ObjectOf(100));
        Assert.InRange(MemoryNeed.ToRead(bpf.Bytes.Span), 1, MiB);
        Assert.InRange(MemoryNeed.ToReport(bpf, Relocate(bpf)), 1, MiB);
    }

    [Fact]
    public void What_is_no_object_needs_next_to_nothing_and_is_left_to_the_reader()
        => Assert.InRange(MemoryNeed.ToRead(new byte[5 * MiB]), 1, MiB);

    [Fact]
    public void Entries_read_twice_are_the_same()
    {
        var report = ReportOf(ObjectOf(50));
        Assert.Equal(report.Relocations.Select(Text), report.Relocations.Select(Text));
        Assert.Equal(Text(report.Relocations[7]), report.Relocations.Skip(7).Select(Text).First());
        Assert.Equal(report.Warnings, report.Warnings);
        Assert.Throws<ArgumentOutOfRangeException>(() => report.Relocations[50]);

        static string Text(RelocationEntry entry) => JsonSerializer.Serialize(entry);
    }

    // What earlier tests left is finalized and trimmed from pools in more than one collection.
    private static long InUse()
    {
        var now = GC.GetTotalMemory(forceFullCollection: true);
        for (var before = long.MaxValue; before - now > MiB / 4;)
        {
            GC.WaitForPendingFinalizers();
            (before, now) = (now, GC.GetTotalMemory(forceFullCollection: true));
        }

        return now;
    }

    // The object and the fixups are garbage when this returns, except for what the report holds.
    private static RelocationReport ReportOf(byte[] bytes)
    {
        var bpf = BpfObject.Read(bytes);
        return ReportBuilder.Build(bpf, Relocate(bpf), TestContext.Current.CancellationToken);
    }

    private static Relocated Relocate(BpfObject bpf)
    {
        var kernel = new BtfWriter();
        var number = kernel.Int("int", 4, 1);
        kernel.Struct("task_struct", 64, new("pid", number, 64), new("tgid", number, 128), new("prio", number, 192));
        return Assert.IsType<Relocated>(
            Relocator.Relocate(bpf, BtfReader.Read(kernel.ToBytes()), cancellation: TestContext.Current.CancellationToken));
    }

    private static byte[] ObjectOf(int records)
    {
        var writer = new ObjectWriter();
        var number = writer.Btf.Int("int", 4, 1);
        var task = writer.Btf.Struct(
            "task_struct", 32, new("pid", number, 0), new("tgid", number, 64), new("prio", number, 128), new("gone", number, 192));
        for (var first = 0; first < records; first += RecordsPerProgram)
        {
            var section = writer.Section($"raw_tp/x{first}");
            for (var i = first; i < Math.Min(records, first + RecordsPerProgram); i++)
            {
                var member = i % 16 == 3 ? 3 : i % 3;
                section.Add(new Instruction(0xb7, 1, 0, 0, member * 8));
                if (i % 4 == 0) section.Line(i - first, "tracer.bpf.c", 1 + (i % 30_000), 9, "x");
                writer.Relo(section, i - first, task, $"0:{member}", CoreReloKind.FieldByteOffset);
            }
            section.Add(new Instruction(0x95, 0, 0, 0, 0));
        }
        return writer.ToBytes();
    }

    /// <summary>Discards what is written and measures the memory in use after every <c>sampleEvery</c> bytes.</summary>
    private sealed class SamplingStream(long sampleEvery) : MemoryStream
    {
        private long _next;

        public long Written { get; private set; }

        public long PeakLive { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written += buffer.Length;
            if (Written >= _next)
            {
                PeakLive = Math.Max(PeakLive, GC.GetTotalMemory(forceFullCollection: true));
                _next = Written + sampleEvery;
            }
            return ValueTask.CompletedTask;
        }
    }
}
