using Relo.Core.Bpf;
using Relo.Core.Tests.Building;
using static Relo.Core.Tests.Building.Asm;

namespace Relo.Core.Tests.Reachability;

/// <summary>Where code is not understood nothing is proven about it, and nothing breaks.</summary>
public class ReachabilityOfOddCodeTests
{
    private static bool IsReachable(params Instruction[] odd) =>
        new Guarded().Add(odd).Exists(1).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable();

    [Fact]
    public void Without_anything_odd_the_poison_is_dead() => Assert.False(IsReachable());

    [Theory]
    [InlineData(0xff, 0, 0, 0, 0)] // no opcode
    [InlineData(0xb7, 11, 0, 0, 0)] // r11 = 0
    [InlineData(0xbf, 1, 15, 0, 0)] // r1 = r15
    [InlineData(0xb7, 10, 0, 0, 0)] // r10 = 0
    [InlineData(0x15, 12, 0, 0, 0)] // if r12 == 0
    [InlineData(0x0d, 1, 0, 0, 0)] // gotox r1
    [InlineData(0x8d, 1, 0, 0, 0)] // callx r1
    [InlineData(0x05, 0, 0, -2, 0)] // before the program
    [InlineData(0x05, 0, 0, 32767, 0)] // behind it
    [InlineData(0x06, 0, 0, 0, int.MinValue)]
    [InlineData(0x06, 0, 0, 0, int.MaxValue)]
    [InlineData(0xf5, 0, 0, 0, 0)] // no jump
    [InlineData(0xb9, 0, 0, 0, 0)] // a load of no known mode
    [InlineData(0x18, 1, 0, 0, 0)] // a 64-bit load without second slot
    public void What_is_not_understood_makes_everything_reachable(byte code, byte dst, byte src, short off, int imm) =>
        Assert.True(IsReachable(new Instruction(code, dst, src, off, imm)));

    [Fact]
    public void A_jump_into_a_64_bit_load_is_not_understood() =>
        Assert.True(IsReachable([Goto(1), .. Load64(1, 0)]));

    [Fact]
    public void A_jump_to_the_second_slot_of_poison_reaches_it() =>
        Assert.True(new Guarded().Add(If(Opcode.Jeq, 6, 0, 2), Goto(2)).PoisonWide().IsReachable());

    [Fact]
    public void A_program_that_runs_off_its_end_is_not_understood()
    {
        var code = new Guarded().Exists(1).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().Add(Mov(0, 0));
        Assert.Equal([true], code.Run());
    }

    [Fact]
    public void A_64_bit_load_at_the_end_is_not_understood()
    {
        var code = new Guarded().Exists(1).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().Add(Mov(0, 0), Exit, Load64(1, 0)[0]);
        Assert.Equal([true], code.Run());
    }

    [Fact]
    public void Other_programs_are_not_drawn_in()
    {
        var code = new Guarded().In("raw_tp/odd").Add(new Instruction(0xff, 0, 0, 0, 0), Exit);
        code.In("raw_tp/x").Exists(1).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().Add(Mov(0, 0), Exit);
        Assert.Equal([false], code.Run());
    }

    [Fact]
    public void Random_bytes_harm_nothing()
    {
        for (var seed = 1; seed <= 2000; seed++)
        {
            var random = new Random(seed);
            var noise = new byte[8 * random.Next(1, 40)];
            random.NextBytes(noise);
            // Mostly known opcodes, so that the walk gets somewhere.
            var code = new Guarded()
                .Add([.. noise.Chunk(8)
                    .Select(bytes => Instruction.Read(bytes,
                        bigEndian: false) with { Code = (byte)(random.Next(4) == 0 ? bytes[0] : Known[random.Next(Known.Length)]), Off = (short)random.Next(-3, 4) })]);
            code.Exists(1).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().Add(Mov(0, 0), Exit);
            Assert.Single(code.Run(steps: 100_000));
        }
    }

    private static readonly byte[] Known = [0xb7, 0xb4, 0xbf, 0x07, 0x0f, 0x7b, 0x79, 0x63, 0x61, 0x15, 0x16, 0x55, 0x1d, 0x05, 0x85, 0xdb];
}
