using System.Text;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Contents;
using Relo.Core.MinimalBtf;
using Relo.Core.Objects;
using Relo.Core.Report;
using Relo.Core.Tests.Building;
using Relo.Core.Tests.Fixtures;
using static Relo.Core.Btf.BtfWriter;
using static Relo.Core.Tests.Robustness.HostileObject;

namespace Relo.Core.Tests.Robustness;

/// <summary>Texts that are repeated: the output from a small file is bounded, and input without such a bound is refused.</summary>
public sealed class ReportSizeTests
{
    private const string TooLong = "has more than 67108864 characters";

    [Fact]
    public void Long_paths_of_many_records_are_refused()
    {
        var ask = new Ask(b => Deep(b, 60), b => Deep(b, 60));
        var path = string.Join(':', Enumerable.Repeat("0", 61));
        for (var i = 0; i < 2_000; i++) ask.Load(path, 0, 4);
        var (bpf, kernel) = ask.Open();
        Assert.Contains(TooLong, Proportion.Of(bpf.Bytes.Length * 50L, () => ObjectContents.Of(bpf)), StringComparison.Ordinal);
        var relocated = Assert.IsType<Relocated>(Relocator.Relocate(bpf, kernel, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains(TooLong,
            Proportion.Of(bpf.Bytes.Length * 50L, () => ReportBuilder.Build(bpf, relocated, TestContext.Current.CancellationToken)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Long_names_of_candidates_of_many_records_are_refused()
    {
        var name = new string('s', 900);
        var ask = new Ask(b => S(b, "s"), b => { for (var i = 0; i < 16; i++) b.Struct($"s___{name}{i}", 4); });
        for (var i = 0; i < 5_000; i++) ask.Move(CoreReloKind.FieldExists, "0:0", 1);
        var (bpf, kernel) = ask.Open();
        var relocated = Assert.IsType<Relocated>(Relocator.Relocate(bpf, kernel, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains(TooLong,
            Proportion.Of(bpf.Bytes.Length, () => ReportBuilder.Build(bpf, relocated, TestContext.Current.CancellationToken)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_section_name_of_many_records_is_refused()
    {
        var ask = new Ask(b => S(b, "s"), b => S(b, "s"), section: "tc/" + new string('t', 4_000));
        for (var i = 0; i < 20_000; i++) ask.Load("0:0", 0, 4);
        Assert.Contains(TooLong, Proportion.Of(ask.Open().Object.Bytes.ToArray(), Samples.SyscallWork), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_report_may_hold_is_counted_to_the_character()
    {
        var bpf = BpfObject.Read(Samples.Object);
        var relocated = Assert.IsType<Relocated>(
            Relocator.Relocate(bpf, BtfReader.Read(Samples.SyscallWork), cancellation: TestContext.Current.CancellationToken));
        var (enough, tooFew) = (1 << 20, 0);
        while (enough - tooFew > 1)
        {
            var middle = (enough + tooFew) / 2;
            (enough, tooFew) = Fits(middle) ? (middle, tooFew) : (enough, middle);
        }
        // The texts of the entries alone, and the whole report as it is sent.
        var report = ReportBuilder.Build(bpf, relocated, TestContext.Current.CancellationToken);
        Assert.InRange(enough, report.Relocations.Sum(r => r.Local.Length + r.Target?.Length ?? 0),
            System.Text.Json.JsonSerializer.Serialize(report).Length);

        bool Fits(int characters)
        {
            try
            {
                ReportBuilder.Build(bpf, relocated, version: null, new ReportText(characters), TestContext.Current.CancellationToken);
                return true;
            }
            catch (MalformedObjectException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void Overlapping_section_names_of_BTF_ext_are_refused()
    {
        const int groups = 20_000;
        var strings = Encoding.ASCII.GetBytes("\0" + new string('n', 3_000) + "\0");
        var lines = new List<uint> { 16 };
        for (var i = 0; i < groups; i++) lines.AddRange([(uint)(1 + (i % 1_000)), 1, 0, 1, 1, 1 << 10]);
        // A thousand names of two to three thousand bytes, each read once, are more than four times what names them; the same one again
        // costs nothing.
        Assert.Contains(
            "names of sections overlap", Proportion.Of(Ext(strings, [.. lines]), Samples.SyscallWork), StringComparison.Ordinal);
        Assert.Null(Proportion.Of(
            Ext(strings, [16, .. Enumerable.Range(0, groups).SelectMany(_ => (uint[])[1, 1, 0, 1, 1, 1 << 10])]), Samples.SyscallWork));
    }

    [Fact]
    public void A_kernel_variable_declared_a_hundred_thousand_times_is_needed_once()
    {
        var writer = new ObjectWriter();
        var section = writer.Section("raw_tp/x");
        section.Add(new Core.Bpf.Instruction(0x85, 0, 2, 0, -1), new Core.Bpf.Instruction(0x95, 0, 0, 0, 0));
        var name = new string('k', 1_000);
        section.ElfRelocation(0, name);
        var variable = writer.Btf.Var(name, writer.Btf.Int("int", 4));
        writer.Btf.DataSec(".ksyms", 4, [.. Enumerable.Repeat((variable, 0u, 4u), 100_000)]);
        var bytes = writer.ToBytes();
        Assert.Null(Proportion.Of(bytes, Samples.SyscallWork));
        Assert.Equal([name], ObjectContents.Of(BpfObject.Read(bytes)).Requirements.TypedKsyms);
    }

    [Fact]
    public void A_struct_of_functions_listed_hundreds_of_times_is_needed_once()
    {
        // Each of its members is named by another part of one string.
        const int members = 1_000, times = 400;
        var writer = new ObjectWriter();
        var (single, name) = (writer.Btf.Int("char", 1), writer.Btf.Text(new string('m', members)));
        var type = writer.Btf.Add("tcp_congestion_ops", BtfKind.Struct, members, members, false,
            [.. Enumerable.Range(0, members).SelectMany(i => (uint[])[name + (uint)i, single, 8 * (uint)i])]);
        writer.Btf.DataSec(".struct_ops", members, [.. Enumerable.Repeat((writer.Btf.Var("ops", type), 0u, (uint)members), times)]);
        writer.Data(".struct_ops", "ops", [.. Enumerable.Repeat((byte)1, members)]);
        var bytes = writer.ToBytes();
        Assert.Null(Proportion.Of(bytes, Samples.SyscallWork));
        Assert.Equal(["tcp_congestion_ops"],
            ObjectContents.Of(BpfObject.Read(bytes)).Needs.Where(need => need.Kind == NeedKind.StructOps).Select(need => need.Name));
    }

    [Fact]
    public void Overlapping_names_of_the_helpers_of_a_kernel_are_not_decoded()
    {
        var writer = new ObjectWriter();
        writer.Section("kprobe/f").Add(new Core.Bpf.Instruction(0x85, 0, 0, 0, 130), new Core.Bpf.Instruction(0x95, 0, 0, 0, 0));
        Assert.Null(Proportion.Of(writer.ToBytes(), Helpers()));
    }

    [Fact]
    public void Features_of_overlapping_names_are_refused()
    {
        var kernel = BtfReader.Read(Helpers());
        Assert.Contains("helpers, tracepoints and other features have more than 4194304 bytes",
            Proportion.Of(kernel.Bytes.Length, () => KernelFeatures.Of(kernel, TestContext.Current.CancellationToken)),
            StringComparison.Ordinal);
    }

    /// <summary>A kernel whose helpers all have the same long name.</summary>
    private static byte[] Helpers()
    {
        const int count = 100_000;
        var kernel = new BtfWriter();
        kernel.Int("int", 4);
        var name = kernel.Text("BPF_FUNC_" + new string('n', 1_000));
        kernel.Add("bpf_func_id", BtfKind.Enum, 4, count, false,
            [.. Enumerable.Range(0, count).SelectMany(i => (uint[])[name, (uint)i])]);
        return kernel.ToBytes();
    }

    [Fact]
    public void Minimal_BTF_of_overlapping_names_is_refused()
    {
        // One string, and thousands of members each named by another part of it.
        const int members = 4_000;
        var strings = Encoding.ASCII.GetBytes("\0s\0int\0" + new string('n', 1_000) + "\0");
        var bpf = BpfObject.Read(new Ask(b => b.Struct("s", 0), _ => { }).Move(CoreReloKind.TypeMatches, "0", 1).Open().Object.Bytes);
        byte[] Kernel(int names) =>
            RawBtf([3, 0x01000000, 4, 32, 1, 0x04000000 | members, 4,
                .. Enumerable.Range(0, members).SelectMany(i => (uint[])[(uint)(7 + (i % names)), 1, 0])], strings);
        Assert.Contains(
            "needed names overlap", Proportion.Of(bpf.Bytes.Length, () => MinimalBtfMaker.Make(bpf, BtfReader.Read(Kernel(900)))),
            StringComparison.Ordinal);
        Assert.IsType<MinimalBtfMade>(MinimalBtfMaker.Make(bpf, BtfReader.Read(Kernel(1)), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_module_may_not_name_types_by_long_strings_of_its_kernel()
    {
        var kernel = BtfReader.Read(RawBtf([], Encoding.ASCII.GetBytes("\0" + new string('n', 5_000) + "\0short\0")));
        var module = RawBtf([1, 0x04000000, 4], "\0"u8.ToArray());
        Assert.Contains("more than 1024 bytes", Assert.Throws<MalformedObjectException>(() => BtfReader.Read(module, kernel)).Message,
            StringComparison.Ordinal);
        Assert.Equal(2, BtfReader.Read(RawBtf([5_002, 0x04000000, 4], "\0"u8.ToArray()), kernel).Count);
    }

    private static byte[] Ext(byte[] strings, uint[] lines)
    {
        var elf = new HostileObject();
        elf.Section(".BTF", 1, RawBtf([], strings));
        elf.Section(".BTF.ext", 1, RawExt(lines, []));
        return elf.ToArray();
    }

    /// <summary>Structs within each other, all of whose members have names of a kilobyte.</summary>
    private static uint Deep(BtfWriter b, int levels)
    {
        var id = b.Int("int", 4);
        for (var i = 1; i <= levels; i++) id = b.Struct(i == levels ? "s" : $"s{i}", 4, new Member(new string('m', 1_000), id, 0));
        return id;
    }

    private static uint S(BtfWriter b, string name) => b.Struct(name, 4, new Member("x", b.Int("int", 4), 0));
}
