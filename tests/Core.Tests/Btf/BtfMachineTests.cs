using Relo.Core.Btf;

namespace Relo.Core.Tests.Btf;

/// <summary>Each rule is a declaration of struct pt_regs in arch/*/include/asm/ptrace.h.</summary>
public class BtfMachineTests
{
    [Theory]
    [InlineData("x86_64", false, "r15", "bp", "orig_ax", "ss")]
    [InlineData("i686", false, "bx", "cx", "orig_ax", "ss")]
    [InlineData("arm64", false, "regs", "pstate", "orig_x0")]
    [InlineData("s390x", true, "psw", "gprs", "orig_gpr2")]
    [InlineData("riscv64", false, "epc", "ra", "s11", "badaddr")]
    [InlineData("loongarch64", false, "regs", "csr_era")]
    [InlineData("ppc64le", false, "gpr", "nip", "softe")]
    [InlineData("ppc64", true, "gpr", "nip", "softe")]
    [InlineData(null, false, "uregs")] // 32-bit ARM: of which version, the registers do not say
    public void The_registers_name_the_machine(string? machine, bool bigEndian, params string[] registers)
    {
        Assert.Equal(machine, BtfMachine.Of(Kernel(bigEndian, registers, isNested: false)));
        Assert.Equal(machine, BtfMachine.Of(Kernel(bigEndian, registers, isNested: true)));
    }

    [Fact]
    public void Without_registers_nothing_is_said()
    {
        var b = new BtfWriter();
        b.Int("long unsigned int", 8);
        Assert.Null(BtfMachine.Of(BtfReader.Read(b.ToBytes())));
    }

    [Fact]
    public void Registers_without_end_cost_little()
    {
        var b = new BtfWriter();
        var self = b.NextId;
        b.Struct("pt_regs", 8, [.. Enumerable.Range(0, 60_000).Select(_ => new BtfWriter.Member("", self, 0))]);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Null(BtfMachine.Of(BtfReader.Read(b.ToBytes())));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"it took {watch.Elapsed}");
    }

    private static BtfTypes Kernel(bool bigEndian, string[] registers, bool isNested)
    {
        var b = new BtfWriter(bigEndian);
        var word = b.Int("long unsigned int", 8);
        BtfWriter.Member[] members = [.. registers.Select((name, i) => new BtfWriter.Member(name, word, (uint)i * 64))];
        var size = (uint)members.Length * 8;
        if (isNested) members = [new("", b.Union("", size, [new("", b.Struct("", size, members), 0)]), 0)];
        b.Struct("pt_regs", size, members);
        return BtfReader.Read(b.ToBytes());
    }
}
