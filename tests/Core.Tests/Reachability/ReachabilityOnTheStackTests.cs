using Relo.Core.Bpf;
using Relo.Core.Tests.Building;
using static Relo.Core.Tests.Building.Asm;

namespace Relo.Core.Tests.Reachability;

/// <summary>Constants that are spilled and filled again (check_stack_write and check_stack_read of the verifier).</summary>
public class ReachabilityOnTheStackTests
{
    private static Guarded Zero => new Guarded().Exists(1);

    [Fact]
    public void A_spilled_constant_comes_back()
    {
        Assert.False(Zero.Add(Store(10, -8, 1), Load(2, 10, -8), If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());
        Assert.False(new Guarded().Add(Mov(1, 5), Store(10, -512, 1), Load(2, 10, -512), If(Opcode.Jeq, 2, 5, 1)).Poison().IsReachable());
        Assert.True(Zero.Add(Store(10, -8, 1), Load(2, 10, -16), If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());
    }

    [Fact]
    public void It_comes_back_through_other_pointers_into_the_frame()
    {
        Assert.False(Zero.Add(MovReg(7, 10), Alu(Opcode.Add, 7, -16), Store(7, 8, 1), Load(2, 10, -8), If(Opcode.Jeq, 2, 0, 1)).Poison()
            .IsReachable());
        Assert.False(Zero.Add(Mov(7, -16), AluReg(Opcode.Add, 7, 10), Alu(Opcode.Sub, 7, 8), Store(10, -24, 1), Load(2, 7, 0),
            If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());
        Assert.True(Zero.Add(Store(10, -8, 1), Load(3, 6, 0), MovReg(7, 10), Alu(Opcode.Add, 7, -8), Store(7, 0, 3), Load(2, 10, -8),
            If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());
    }

    // 32-bit registers are spilled as they are. Verifiers before 5.16 remember only zeros of less than 8 bytes.
    [Theory]
    [InlineData(4, -12)]
    [InlineData(4, -8)]
    [InlineData(2, -2)]
    [InlineData(1, -5)]
    public void Small_zeros_come_back_and_other_small_constants_do_not(int bytes, short place)
    {
        Assert.False(Zero.Add(Store(10, place, 1, bytes), Load(2, 10, place, bytes), If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());
        Assert.True(new Guarded().Add(Mov(1, 5), Store(10, place, 1, bytes), Load(2, 10, place, bytes), If(Opcode.Jeq, 2, 5, 1)).Poison()
            .IsReachable());
        Assert.True(new Guarded().Add(Load64(1, 1UL << 32))
            .Add(Store(10, place, 1, bytes), Load(2, 10, place, bytes), If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());
    }

    [Theory]
    [InlineData(4, -8)]
    [InlineData(4, -4)]
    [InlineData(1, -1)]
    public void Parts_of_a_spilled_constant_are_unknown(int bytes, short place) =>
        Assert.True(Zero.Add(Store(10, -8, 1), Load(2, 10, place, bytes), If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());

    [Theory]
    [InlineData(8, -8)]
    [InlineData(4, -8)]
    [InlineData(1, -1)]
    [InlineData(8, -12)]
    [InlineData(8, -4)]
    public void Writing_over_any_part_forgets_it(int bytes, short place) =>
        Assert.True(Zero.Add(Load(3, 6, 0), Store(10, -8, 1), Store(10, place, 3, bytes), Load(2, 10, -8), If(Opcode.Jeq, 2, 0, 1)).Poison()
            .IsReachable());

    // BPF_ST: "bpf: track immediate values written to stack by BPF_ST instruction", Linux 6.3
    [Fact]
    public void Stored_immediates_are_unknown() =>
        Assert.True(new Guarded().Add(StoreImm(10, -8, 0), Load(2, 10, -8), If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());

    [Fact]
    public void Sign_extending_loads_are_unknown() =>
        Assert.True(Zero.Add(Store(10, -8, 1, 4), Load(2, 10, -8, 4) with { Code = Opcode.Ldx | Opcode.MemSignExtended | Opcode.Word },
            If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());

    [Fact]
    public void A_call_may_write_to_the_stack() =>
        Assert.True(Zero.Add(Store(10, -8, 1), MovReg(1, 10), Alu(Opcode.Add, 1, -8), Helper(4), Load(2, 10, -8), If(Opcode.Jeq, 2, 0, 1))
            .Poison().IsReachable());

    [Fact]
    public void A_store_through_an_unknown_pointer_may_hit_the_stack()
    {
        Assert.True(Zero.Add(Store(10, -8, 1), MovReg(7, 10), AluReg(Opcode.Add, 7, 6), Store(7, 0, 6), Load(2, 10, -8),
            If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());
        Assert.True(Zero.Add(Store(10, -8, 1), StoreImm(6, 0, 5), Load(2, 10, -8), If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());
    }

    [Theory]
    [InlineData(Opcode.Add)]
    [InlineData(Opcode.Exchange)]
    [InlineData(Opcode.StoreRelease)]
    public void Atomics_may_hit_the_stack(int operation) =>
        Assert.True(Zero.Add(Store(10, -8, 1), new Instruction(Opcode.Stx | Opcode.Atomic | Opcode.Double, 10, 6, -8, operation),
            Load(2, 10, -8), If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());

    [Theory]
    [InlineData(Opcode.Add | Opcode.Fetch, 3)]
    [InlineData(Opcode.Exchange, 3)]
    [InlineData(Opcode.CompareExchange, 0)]
    public void Atomics_that_fetch_write_a_register(int operation, byte register) =>
        Assert.True(new Guarded().Exists(register)
            .Add(new Instruction(Opcode.Stx | Opcode.Atomic | Opcode.Double, 6, 3, 0, operation), If(Opcode.Jeq, register, 0, 1)).Poison()
                .IsReachable());

    [Fact]
    public void A_load_acquire_writes_its_destination() =>
        Assert.True(new Guarded().Exists(7)
            .Add(new Instruction(Opcode.Stx | Opcode.Atomic | Opcode.Double, 7, 6, 0, Opcode.LoadAcquire), If(Opcode.Jeq, 7, 0, 1)).Poison()
                .IsReachable());

    [Fact]
    public void Places_outside_the_frame_forget_all()
    {
        Assert.True(Zero.Add(Store(10, -8, 1), Store(10, 0, 6), Load(2, 10, -8), If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());
        Assert.True(Zero.Add(Store(10, -520, 1), Load(2, 10, -520), If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());
    }
}
