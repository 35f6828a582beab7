using Relo.Core.Bpf;
using Relo.Core.Tests.Building;
using static Relo.Core.Tests.Building.Asm;

namespace Relo.Core.Tests.Reachability;

/// <summary>What compilers make of "if (bpf_core_field_exists(…))", and what only looks like it. 0 is what a missing field gives.</summary>
public class ReachabilityTests
{
    [Fact]
    public void Poison_in_the_open_is_reachable() => Assert.True(new Guarded().Poison().IsReachable());

    // bcc's runqslower on kernels without task_struct.__state: r1 = 0; if w1 == 0 goto
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_guard_of_existence_closes_the_branch(bool bigEndian)
    {
        Assert.False(new Guarded(bigEndian).Exists(1).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());
        Assert.False(new Guarded(bigEndian).Exists(1).Add(If32(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());
        Assert.False(new Guarded(bigEndian).Exists32(1).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());
        Assert.False(new Guarded(bigEndian).ExistsWide(1).Add(If(Opcode.Jeq, 1, 0, 2)).PoisonWide().IsReachable());
    }

    [Fact]
    public void A_guard_the_wrong_way_round_does_not()
    {
        Assert.True(new Guarded().Exists(1).Add(If(Opcode.Jne, 1, 0, 1)).Poison().IsReachable());
        Assert.True(new Guarded().Exists(1).Add(If(Opcode.Jeq, 2, 0, 1)).Poison().IsReachable());
    }

    [Theory]
    [InlineData(Opcode.Jeq, 5, 5, -5)]
    [InlineData(Opcode.Jne, 5, 6, 5)]
    [InlineData(Opcode.Jgt, -1, 1, -1)]
    [InlineData(Opcode.Jge, 5, 5, 6)]
    [InlineData(Opcode.Jlt, 1, -1, 1)]
    [InlineData(Opcode.Jle, 5, 5, 4)]
    [InlineData(Opcode.Jset, 6, 2, 9)]
    [InlineData(Opcode.Jsgt, 1, -1, 1)]
    [InlineData(Opcode.Jsge, -1, -1, 0)]
    [InlineData(Opcode.Jslt, -1, 1, -1)]
    [InlineData(Opcode.Jsle, -1, -1, -2)]
    public void Every_comparison_is_decided_for_64_and_32_bits_with_immediate_and_register(
        byte comparison, int left, int takenWith, int notTakenWith)
    {
        foreach (var right in (int[])[takenWith, notTakenWith])
        {
            var open = right == notTakenWith;
            Assert.Equal(open, new Guarded().Add(Mov(1, left), If(comparison, 1, right, 1)).Poison().IsReachable());
            Assert.Equal(open, new Guarded().Add(Mov(1, left), If32(comparison, 1, right, 1)).Poison().IsReachable());
            Assert.Equal(open, new Guarded().Add(Mov(1, left), Mov(2, right), IfReg(comparison, 1, 2, 1)).Poison().IsReachable());
            Assert.True(new Guarded().Add(Mov(1, left), Load(2, 6, 0), IfReg(comparison, 1, 2, 1)).Poison().IsReachable());
        }
    }

    [Fact]
    public void Only_the_lower_halves_are_compared_by_w_registers()
    {
        Assert.False(new Guarded().Add(Load64(1, 1UL << 32)).Add(If32(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());
        Assert.True(new Guarded().Add(Load64(1, 1UL << 32)).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());
        Assert.False(new Guarded().Add(Mov32(1, -1), If(Opcode.Jsgt, 1, 0, 1)).Poison().IsReachable());
    }

    [Theory]
    [InlineData(Opcode.Mov, 7, 3, 3)]
    [InlineData(Opcode.Add, 7, 3, 10)]
    [InlineData(Opcode.Sub, 7, 3, 4)]
    [InlineData(Opcode.Mul, 7, 3, 21)]
    [InlineData(Opcode.And, 7, 3, 3)]
    [InlineData(Opcode.Or, 4, 3, 7)]
    [InlineData(Opcode.Lsh, 7, 3, 56)]
    [InlineData(Opcode.Rsh, 56, 3, 7)]
    [InlineData(Opcode.Arsh, -8, 1, -4)]
    public void Arithmetic_on_constants_is_followed(byte operation, int left, int right, int result)
    {
        Assert.False(new Guarded().Add(Mov(1, left), Alu(operation, 1, right), If(Opcode.Jeq, 1, result, 1)).Poison().IsReachable());
        Assert.False(new Guarded().Add(Mov(1, left), Alu32(operation, 1, right), If32(Opcode.Jeq, 1, result, 1)).Poison().IsReachable());
        Assert.False(
            new Guarded().Add(Mov(1, left), Mov(2, right), AluReg(operation, 1, 2), If(Opcode.Jeq, 1, result, 1)).Poison().IsReachable());
        Assert.True(
            new Guarded().Add(Mov(1, left), Load(2, 6, 0), AluReg(operation, 1, 2), If(Opcode.Jeq, 1, result, 1)).Poison().IsReachable());
    }

    // The CPU would know. Most verifiers do not (XOR up to Linux 5.9, the others for much longer), and take both branches.
    [Theory]
    [InlineData(Opcode.Div, 6, 3, 2)]
    [InlineData(Opcode.Mod, 6, 3, 0)]
    [InlineData(Opcode.Xor, 6, 3, 5)]
    [InlineData(Opcode.Neg, 6, 0, -6)]
    [InlineData(Opcode.Lsh, 1, 64, 1)]
    public void What_verifiers_do_not_follow_is_unknown(byte operation, int left, int right, int result) =>
        Assert.True(new Guarded().Add(Mov(1, left), Alu(operation, 1, right), If(Opcode.Jeq, 1, result, 1)).Poison().IsReachable());

    [Theory]
    [InlineData(Opcode.Alu64 | Opcode.End, 16)]
    [InlineData(Opcode.Alu32 | Opcode.End, 64)]
    [InlineData(Opcode.Alu32 | Opcode.End | Opcode.SourceReg, 32)]
    public void Swapped_bytes_are_unknown_to_verifiers(byte code, int width) =>
        Assert.True(new Guarded().Add(Mov(1, 0), new Instruction(code, 1, 0, 0, width), If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());

    [Theory]
    [InlineData(8, 0x180, -128)]
    [InlineData(16, 0x18000, -32768)]
    [InlineData(32, int.MinValue, int.MinValue)]
    public void Sign_extending_moves_are_followed(short width, int value, int result)
    {
        Assert.False(new Guarded().Add(Mov32(2, value), AluReg(Opcode.Mov, 1, 2) with { Off = width }, If(Opcode.Jeq, 1, result, 1))
            .Poison().IsReachable());
        // w1 = (s8)w2 leaves the upper half zero: a positive number.
        if (width < 32)
            Assert.False(
                new Guarded().Add(Mov32(2, value), MovReg32(1, 2) with { Off = width }, If(Opcode.Jsgt, 1, 0, 1)).Poison().IsReachable());
    }

    [Fact]
    public void Constants_move_between_registers()
    {
        Assert.False(new Guarded().Exists(1).Add(MovReg(7, 1), Helper(5), If(Opcode.Jeq, 7, 0, 1)).Poison().IsReachable());
        Assert.False(new Guarded().Exists(1).Add(MovReg32(7, 1), Helper(5), If(Opcode.Jeq, 7, 0, 1)).Poison().IsReachable());
    }

    [Fact]
    public void A_call_takes_the_scratch_registers()
    {
        for (byte register = 0; register < 6; register++)
            Assert.True(new Guarded().Exists(register).Add(Helper(5), If(Opcode.Jeq, register, 0, 1)).Poison().IsReachable());
    }

    [Fact]
    public void Legacy_packet_loads_take_the_scratch_registers()
    {
        Assert.True(new Guarded().Exists(2).Add(new Instruction(Opcode.Ld | Opcode.Abs | Opcode.Word, 0, 0, 0, 4), If(Opcode.Jeq, 2, 0, 1))
            .Poison().IsReachable());
        Assert.False(new Guarded().Exists(7).Add(new Instruction(Opcode.Ld | Opcode.Ind | Opcode.Word, 0, 2, 0, 4), If(Opcode.Jeq, 7, 0, 1))
            .Poison().IsReachable());
    }

    // BPF_CORE_READ_BITFIELD: a switch over the byte size, each case a load that may be poisoned
    [Fact]
    public void A_switch_over_a_relocated_size_takes_one_case()
    {
        Assert.False(new Guarded().Add(Mov(1, 8), If(Opcode.Jsgt, 1, 2, 4), If(Opcode.Jeq, 1, 1, 2), If(Opcode.Jeq, 1, 2, 1), Goto(3))
            .Poison().Add(Goto(1), Mov(0, 0)).IsReachable());
        Assert.True(new Guarded().Add(Mov(1, 2), If(Opcode.Jsgt, 1, 2, 4), If(Opcode.Jeq, 1, 1, 2), If(Opcode.Jeq, 1, 2, 1), Goto(3))
            .Poison().Add(Goto(1), Mov(0, 0)).IsReachable());
    }

    [Fact]
    public void Paths_that_agree_keep_a_constant_and_others_lose_it()
    {
        Assert.False(
            new Guarded().Add(If(Opcode.Jeq, 6, 0, 2), Mov(1, 0), Goto(1), Mov(1, 0), If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());
        Assert.True(
            new Guarded().Add(If(Opcode.Jeq, 6, 0, 2), Mov(1, 0), Goto(1), Mov(1, 1), If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());
        Assert.False(new Guarded().Exists(2).Add(If(Opcode.Jeq, 2, 0, 2), Mov(1, 1), Goto(1), Mov(1, 0), If(Opcode.Jeq, 1, 0, 1)).Poison()
            .IsReachable());
    }

    [Fact]
    public void A_loop_that_changes_a_constant_loses_it()
    {
        Assert.True(new Guarded().Add(Mov(1, 0), If(Opcode.Jne, 1, 3, 1)).Poison().Add(Alu(Opcode.Add, 1, 1), If(Opcode.Jlt, 1, 10, -4))
            .IsReachable());
        Assert.False(new Guarded().Exists(7).Add(Mov(1, 0), If(Opcode.Jeq, 7, 0, 1)).Poison()
            .Add(Alu(Opcode.Add, 1, 1), If(Opcode.Jlt, 1, 10, -4)).IsReachable());
    }

    [Fact]
    public void Each_poisoned_instruction_is_judged_as_if_those_before_it_were_valid()
    {
        Assert.Equal([true, true, true], new Guarded().Poison().Poison().PoisonWide().Add(Mov(0, 0), Exit).Run());
        Assert.Equal([true, false], new Guarded().Poison().Exists(1).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().Add(Mov(0, 0), Exit).Run());
        // r3 = offset of a missing field: nothing is known of r3 then
        Assert.Equal([true, true], new Guarded().Poison().Add(If(Opcode.Jeq, 3, 8, 1)).Poison().Add(Mov(0, 0), Exit).Run());
    }

    [Fact]
    public void What_the_loader_puts_in_is_unknown()
    {
        Assert.True(new Guarded().Add(Load64(1, 0, src: 1)).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());
        var variable = new Guarded().Add(Load64(1, 0)).Add(If(Opcode.Jeq, 1, 0, 1)).Poison();
        variable.Section.ElfRelocation(0, "CONFIG_HZ");
        Assert.True(variable.IsReachable());
    }

    [Fact]
    public void May_goto_goes_both_ways() =>
        Assert.True(new Guarded().Add(new Instruction(Opcode.Jmp | Opcode.Jcond, 0, 0, 1, 0)).Poison().IsReachable());

    [Fact]
    public void A_long_goto_takes_its_distance_from_the_immediate() =>
        Assert.False(new Guarded().Add(new Instruction(Opcode.Jmp32 | Opcode.Ja, 0, 0, 0, 1)).Poison().IsReachable());

    [Fact]
    public void Without_steps_to_spend_nothing_is_proven()
    {
        var code = new Guarded().Exists(1).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().Add(Mov(0, 0), Exit);
        Assert.Equal([true], code.Run(steps: 20));
        Assert.Equal([false], code.Run());
    }
}
