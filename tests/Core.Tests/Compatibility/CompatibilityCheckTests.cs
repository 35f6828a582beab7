using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;
using Relo.Core.Report;
using Relo.Core.Tests.Building;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.Compatibility;

public sealed class CompatibilityCheckTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_of_many_kernels_is_told_what_it_would_be_told_alone(bool bigEndian)
    {
        var bpf = BpfObject.Read(bigEndian ? Samples.BigEndianObject : Samples.Object);
        var check = new CompatibilityCheck(bpf);
        var outcomes = Kernels().Select(kernel => SameAsReport.Of(check, bpf, kernel)).ToList();
        Assert.True(outcomes.OfType<Relocatable>().Select(o => o.Verdict).Distinct().Count() >= 2, "too uniform");
        Assert.Contains(outcomes, o => o is Unrelocatable);
        Assert.True(outcomes.Distinct().Count() is > 10 and < 1000, $"{outcomes.Distinct().Count()} groups");
    }

    [Fact]
    public void Each_object_of_libbpf_tools_is_told_what_it_would_be_told_alone()
    {
        Assert.SkipWhen(LibbpfTools.Objects.Count == 0, "libbpf-tools is not installed");
        const string host = "/sys/kernel/btf/vmlinux";
        BtfTypes[] kernels =
            [.. Kernels().Take(6), .. File.Exists(host) ? [BtfReader.Read(File.ReadAllBytes(host))] : Array.Empty<BtfTypes>()];
        foreach (var (_, bytes) in LibbpfTools.Objects)
        {
            var bpf = BpfObject.Read(bytes);
            var check = new CompatibilityCheck(bpf);
            foreach (var kernel in kernels) SameAsReport.Of(check, bpf, kernel);
        }
    }

    [Fact]
    public void Kernels_that_differ_in_nothing_the_object_reads_share_one_outcome()
    {
        var check = new CompatibilityCheck(BpfObject.Read(Samples.Object));
        var first = check.Of(BtfReader.Read(Samples.SyscallWork), cancellation: Stop);
        var kin = Samples.SyscallWork.ToArray();
        kin[^2] ^= 1; // the last letter of the last name
        Assert.Same(first, check.Of(BtfReader.Read(kin), cancellation: Stop));
        var other = new CompatibilityCheck(BpfObject.Read(Samples.Object)).Of(BtfReader.Read(kin), cancellation: Stop);
        Assert.Equal((first, first.GetHashCode()), (other, other.GetHashCode()));
        Assert.NotEqual(first, check.Of(BtfReader.Read(Samples.FlagsStatus), cancellation: Stop));
    }

    [Fact]
    public void Judging_is_given_up_like_relocating()
    {
        var writer = new ObjectWriter();
        var section = writer.Section("raw_tp/x");
        section.Add(Asm.Mov(2, 0), Asm.Exit);
        writer.Relo(section, 0, writer.Btf.Struct("absent", 8, M("x", writer.Btf.Int("u64", 8), 0)), "0:0", CoreReloKind.FieldByteOffset);
        var bpf = BpfObject.Read(writer.ToBytes());
        var relocated = Assert.IsType<Relocated>(Relocator.Relocate(bpf, BtfReader.Read(Samples.SyscallWork), cancellation: Stop));
        var facts = KernelFacts.Of(LoaderInputs.Of(bpf), relocated.Kernel, version: null);
        Assert.Throws<OperationCanceledException>(
            () => Judgement.Of(bpf, relocated, facts, null, new ReportText(), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Outcomes_that_patch_alike_and_change_differently_are_not_equal()
    {
        // Whether the field exists is 1 on both kernels; where it is differs.
        var writer = new ObjectWriter();
        var s = writer.Btf.Struct("s", 8, M("x", writer.Btf.Int("u64", 8), 0));
        var section = writer.Section("raw_tp/x");
        section.Add(Asm.Mov(1, 1), Asm.Exit);
        writer.Relo(section, 0, s, "0:0", CoreReloKind.FieldExists);
        var check = new CompatibilityCheck(BpfObject.Read(writer.ToBytes()));
        var (one, other) = (Assert.IsType<Relocatable>(check.Of(At(64), cancellation: Stop)),
            Assert.IsType<Relocatable>(check.Of(At(128), cancellation: Stop)));
        Assert.Equal(one.PatchedDigest, other.PatchedDigest);
        Assert.NotEqual(one, other);
        Assert.Equal((8, 16), (one.FieldChanges.Single().TargetOffsetBytes, other.FieldChanges.Single().TargetOffsetBytes));

        static BtfTypes At(uint bit)
        {
            var kernel = new BtfWriter();
            kernel.Struct("s", 24, M("x", kernel.Int("u64", 8), bit));
            return BtfReader.Read(kernel.ToBytes());
        }
    }

    [Fact]
    public void An_access_that_a_line_makes_twice_is_missing_once_and_reachable_if_one_of_the_two_is()
    {
        var writer = new ObjectWriter();
        var s = writer.Btf.Struct("s", 8, M("gone", writer.Btf.Int("u64", 8), 0));
        var section = writer.Section("raw_tp/x");
        section.Add(Asm.Mov(2, 0), Asm.Exit, Asm.Mov(3, 0), Asm.Exit); // the second is after an exit
        section.Line(0, "prog.bpf.c", 7, 3, "x = s->gone;");
        section.Function("prog", 0, 4);
        writer.Relo(section, 0, s, "0:0", CoreReloKind.FieldByteOffset);
        writer.Relo(section, 2, s, "0:0", CoreReloKind.FieldByteOffset);
        var kernel = new BtfWriter();
        kernel.Struct("s", 8, M("other", kernel.Int("u64", 8), 0));
        var found = Assert.IsType<Relocatable>(
            new CompatibilityCheck(BpfObject.Read(writer.ToBytes())).Of(BtfReader.Read(kernel.ToBytes()), cancellation: Stop));
        Assert.Equal(Verdict.Broken, found.Verdict);
        Assert.Equal(new MissingAccess("struct s.gone (0:0 @ offset 0)", "no-field", "prog", true, new("prog.bpf.c", 7, 3, "x = s->gone;")),
            Assert.Single(found.Missing));
    }

    [Fact]
    public void What_libbpf_refuses_is_told_with_its_text_and_its_source_line()
    {
        var writer = new ObjectWriter();
        var s = writer.Btf.Struct("s", 8, M("x", writer.Btf.Int("u64", 8), 0));
        var section = writer.Section("raw_tp/x");
        section.Add(Asm.Mov(1, 5), Asm.Exit); // 5 is not the offset of x
        section.Line(0, "prog.bpf.c", 7, 3, "x = s->x;");
        writer.Relo(section, 0, s, "0:0", CoreReloKind.FieldByteOffset);
        var kernel = new BtfWriter();
        kernel.Struct("s", 8, M("x", kernel.Int("u64", 8), 0));
        var failed = Assert.IsType<Unrelocatable>(
            new CompatibilityCheck(BpfObject.Read(writer.ToBytes())).Of(BtfReader.Read(kernel.ToBytes()), cancellation: Stop));
        Assert.Contains("got 5, exp 0", failed.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(new("prog.bpf.c", 7, 3, "x = s->x;"), failed.Failure.Source);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_object_without_records_is_ok_as_it_is(bool withoutExt)
    {
        var bytes = new ObjectWriter { OmitBtfExt = withoutExt }.ToBytes();
        var found = Assert.IsType<Relocatable>(
            new CompatibilityCheck(BpfObject.Read(bytes)).Of(BtfReader.Read(Samples.SyscallWork), cancellation: Stop));
        Assert.Equal((Verdict.Ok, Digest.Of(bytes)), (found.Verdict, found.PatchedDigest));
        Assert.Empty(found.Missing);
        Assert.Empty(found.FieldChanges);
    }

    [Fact]
    public void Types_of_modules_are_looked_into_as_for_one_kernel()
    {
        var vmlinux = new BtfWriter();
        vmlinux.Int("long unsigned int", 8);
        var kernel = BtfReader.Read(vmlinux.ToBytes());
        var module = new BtfWriter(splitBase: kernel);
        module.Struct("task_struct", 48, M("state", 1, 40 * 8));
        var check = new CompatibilityCheck(BpfObject.Read(Samples.Object));
        var (without, with) = (Assert.IsType<Relocatable>(check.Of(kernel, cancellation: Stop)),
            Assert.IsType<Relocatable>(check.Of(
                new KernelTypes(kernel, [new ModuleTypes("tasks", BtfReader.Read(module.ToBytes(), kernel))]), cancellation: Stop)));
        Assert.Contains(without.FieldChanges, change => change is { Field: "state", Change: "missing" });
        Assert.Contains(with.FieldChanges, change => change is { Field: "state", TargetOffsetBytes: 40 });
    }

    [Fact]
    public void Threads_share_a_check()
    {
        var check = new CompatibilityCheck(BpfObject.Read(Samples.Object));
        var kernels = Kernels().Take(200).ToList();
        var alone = kernels.ConvertAll(kernel => new CompatibilityCheck(BpfObject.Read(Samples.Object)).Of(kernel, cancellation: Stop));
        var together = new KernelOutcome[kernels.Count];
        Parallel.For(0, kernels.Count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Stop },
            i => together[i] = check.Of(kernels[i], cancellation: Stop));
        Assert.Equal(alone, together);
    }

    [Fact]
    public void Who_is_cancelled_gets_nothing()
    {
        using var gone = new CancellationTokenSource();
        gone.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => new CompatibilityCheck(BpfObject.Read(Samples.Object)).Of(BtfReader.Read(Samples.SyscallWork), cancellation: gone.Token));
    }

    private static BtfWriter.Member M(string name, uint type, uint bit) => new(name, type, bit);

    /// <summary>
    /// The sample kernels, two on which the sample does not load, and copies with some words changed that can still be opened.
    /// </summary>
    private static IEnumerable<BtfTypes> Kernels()
    {
        yield return BtfReader.Read(Samples.FlagsStatus);
        yield return BtfReader.Read(Samples.SyscallWork);
        var ambiguous = new BtfWriter();
        var word = ambiguous.Int("int", 4, encoding: 1);
        foreach (var bit in new[] { 0u, 64u }) ambiguous.Struct("task_struct", 16, M("pid", word, bit));
        yield return BtfReader.Read(ambiguous.ToBytes());
        var empty = new BtfWriter();
        empty.Int("int", 4);
        yield return BtfReader.Read(empty.ToBytes());
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var bytes = (seed % 2 == 0 ? Samples.FlagsStatus : Samples.SyscallWork).ToArray();
            for (var times = random.Next(1, 4); times > 0; times--)
                BitConverter.TryWriteBytes(bytes.AsSpan(24 + (4 * random.Next((bytes.Length - 24) / 4))), random.Next(64));
            BtfTypes kernel;
            try
            {
                kernel = BtfReader.Read(bytes);
            }
            catch (MalformedObjectException)
            {
                continue;
            }
            yield return kernel;
        }
    }
}
