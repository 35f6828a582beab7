using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Checks;
using Relo.Core.Compatibility;
using Relo.Core.Objects;
using Relo.Core.Report;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Checks;

/// <summary>Registers have other names on each architecture (bpf_tracing.h of libbpf); an object for another one misses them all.</summary>
public class ArchitectureMismatchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static uint Registers(BtfWriter b, string name, params string[] members)
    {
        var u64 = b.Int("unsigned long", 8);
        return b.Struct(name, (uint)members.Length * 8, [.. members.Select((m, i) => new BtfWriter.Member(m, u64, (uint)i * 64))]);
    }

    /// <summary>As on arm64: a struct in a union, both without a name.</summary>
    private static void Arm64(BtfWriter b)
    {
        var u64 = b.Int("unsigned long", 8);
        Registers(b, "user_pt_regs", "regs", "sp", "pc", "pstate");
        var inner = Registers(b, "", "regs", "sp", "pc", "pstate");
        b.Struct("pt_regs", 40, new BtfWriter.Member("", b.Union("", 32, new BtfWriter.Member("", inner, 0)), 0),
            new BtfWriter.Member("orig_x0", u64, 256));
    }

    private static (BpfObject Object, BtfTypes Kernel) Make(string name, string[] members, Action<BtfWriter> kernel)
    {
        var writer = new ObjectWriter();
        var section = writer.Section("kprobe/x");
        var registers = Registers(writer.Btf, name, members);
        var task = Registers(writer.Btf, "task_struct", "gone");
        for (var i = 0; i < members.Length; i++)
            writer.Relo(section, section.Add(new Core.Bpf.Instruction(0x79, 1, 2, (short)(i * 8), 0)), registers, $"0:{i}",
                CoreReloKind.FieldByteOffset);
        writer.Relo(section, section.Add(new Core.Bpf.Instruction(0x79, 1, 2, 0, 0)), task, "0:0", CoreReloKind.FieldByteOffset);
        section.Add(Asm.Mov(0, 0), Asm.Exit);
        var btf = new BtfWriter();
        kernel(btf);
        return (BpfObject.Read(writer.ToBytes()), BtfReader.Read(btf.ToBytes()));
    }

    private static RelocationReport Report(BpfObject bpf, BtfTypes kernel) =>
        ReportBuilder.Build(bpf, Assert.IsType<Relocated>(Relocator.Relocate(bpf, kernel, cancellation: Stop)), Stop);

    [Theory]
    [InlineData("pt_regs", "x86", "di", "si", "dx")]
    [InlineData("pt_regs", "arm", "uregs")]
    [InlineData("user_regs_struct", "riscv", "a0", "a1")]
    [InlineData("pt_regs", "powerpc", "gpr", "nip")]
    [InlineData("user_pt_regs", "s390", "gprs")]
    [InlineData("pt_regs", "mips", "cp0_epc")]
    public void An_object_for_another_architecture_is_one_warning_not_one_for_each_register(
        string name, string architecture, params string[] registers)
    {
        var (bpf, kernel) = Make(name, registers, Arm64);

        var report = Report(bpf, kernel);

        var first = report.Warnings.First();
        Assert.Equal("architecture-mismatch", first.Code);
        Assert.StartsWith(
            $"The object is compiled for {architecture}, and the kernel is arm64: {registers.Length} of the object's records access registers of {architecture} (struct {name})", first.Message, StringComparison.Ordinal);
        Assert.Contains("-D__TARGET_ARCH_arm64 and the vmlinux.h of an arm64 kernel", first.Message, StringComparison.Ordinal);
        // What is missing for another reason is still reported.
        Assert.Equal(registers.Length, Assert.Single(report.Warnings, w => w.Code == "poisoned-instruction").Relocation);
        Assert.Equal(registers.Length + 1, report.Summary.Poisoned);

        var outcome = Assert.IsType<Relocatable>(new CompatibilityCheck(bpf).Of(kernel, cancellation: Stop));
        Assert.Equal([.. registers.Select(_ => "architecture-mismatch"), "no-type"], outcome.Missing.Select(m => m.Reason));
        Assert.Equal(($"struct {name}.{registers[0]} (0:0 @ offset 0) of {architecture}, on arm64", true),
            (outcome.Missing[0].Local, outcome.Missing[0].Reachable));
    }

    [Fact]
    public void A_kernel_of_x86_has_no_user_pt_regs()
    {
        var (bpf, kernel) = Make("user_pt_regs", ["regs", "pstate"], b => Registers(b, "pt_regs", "r15", "di", "si"));
        Assert.StartsWith("The object is compiled for arm64, and the kernel is x86:", Report(bpf, kernel).Warnings.First().Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Kernels_of_two_architectures_are_told_apart_though_the_patched_object_is_the_same()
    {
        var (bpf, arm64) = Make("pt_regs", ["di"], Arm64);
        var riscv = Make("pt_regs", ["di"], b => Registers(b, "pt_regs", "epc", "ra", "a0")).Kernel;
        var check = new CompatibilityCheck(bpf);
        string[] local =
            [.. new[] { arm64, riscv }.Select(k => Assert.IsType<Relocatable>(check.Of(k, cancellation: Stop)).Missing[0].Local)];
        Assert.Equal(["struct pt_regs.di (0:0 @ offset 0) of x86, on arm64", "struct pt_regs.di (0:0 @ offset 0) of x86, on riscv"], local);
    }

    [Fact]
    public void Unnamed_members_without_end_cost_little()
    {
        var kernel = Make("pt_regs", ["di"], b =>
        {
            var self = b.NextId;
            b.Struct("pt_regs", 8, [.. Enumerable.Range(0, 60_000).Select(_ => new BtfWriter.Member("", self, 0))]);
        }).Kernel;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Null(RegisterStructs.ArchitectureOf(kernel));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"it took {watch.Elapsed}");
    }

    [Fact]
    public void A_missing_register_of_the_same_architecture_is_a_missing_field()
    {
        var (bpf, kernel) = Make("pt_regs", ["di", "rax"], b => Registers(b, "pt_regs", "di", "si"));
        Assert.DoesNotContain(Report(bpf, kernel).Warnings, w => w.Code == "architecture-mismatch");
    }

    [Fact]
    public void A_kernel_whose_registers_are_not_known_is_no_mismatch()
    {
        var (bpf, kernel) = Make("pt_regs", ["di"], b => Registers(b, "pt_regs", "r0"));
        Assert.DoesNotContain(Report(bpf, kernel).Warnings, w => w.Code == "architecture-mismatch");
    }
}
