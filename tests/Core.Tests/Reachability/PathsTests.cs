using Relo.Core.Bpf;
using Relo.Core.Reachability;
using Relo.Core.Tests.Building;
using static Relo.Core.Tests.Building.Asm;

namespace Relo.Core.Tests.Reachability;

/// <summary>What the walk distinguishes along paths: calls of static functions, callbacks, paths that meet, optional programs.</summary>
public class PathsTests
{
    private static readonly KernelVersion Linux618 = KernelVersion.Line(6, 18);

    /// <summary>A function in .text that reads the missing field where r2 is not 0, and a program before it.</summary>
    private static Guarded WithFunction(Action<Guarded> program, bool isStatic = true, KernelVersion? version = null)
    {
        var code = new Guarded(version: version ?? Linux618).In(".text").Add(If(Opcode.Jeq, 2, 0, 1)).Poison().Add(Mov(0, 0), Exit);
        code.Section.Function("reads", 0, 4, isStatic);
        code.In("raw_tp/x");
        program(code);
        return code.Add(Mov(0, 0), Exit);
    }

    private static void Call(Guarded code, byte answer)
    {
        if (answer == 0) code.Exists(2);
        else code.Add(Mov(2, 1));
        code.Section.ElfRelocation(code.Section.Add(Asm.Call(-1)), "reads");
    }

    // check_func_call of the verifier: a static function is verified at each call, with the registers of the call
    [Fact]
    public void A_static_function_is_followed_with_the_arguments_of_each_call()
    {
        Assert.Equal([false], WithFunction(code => Call(code, 0)).Run());
        Assert.Equal([true], WithFunction(code => Call(code, 1)).Run());
        Assert.Equal([true], WithFunction(code =>
        {
            Call(code, 0);
            Call(code, 1);
        }).Run());
    }

    // btf_check_func_arg_match: a global function is verified once, whatever it is called with
    [Fact]
    public void A_global_function_is_followed_with_unknown_arguments() =>
        Assert.Equal([true], WithFunction(code => Call(code, 0), isStatic: false).Run());

    // "bpf: support lazy verification of global subprogs", Linux 6.8
    [Theory]
    [InlineData(6, 7, true)]
    [InlineData(6, 8, false)]
    public void A_global_function_called_from_dead_code_alone_is_verified_up_to_6_7(uint major, uint minor, bool reachable) =>
        Assert.Equal([reachable], WithFunction(
            code =>
            {
                code.Exists(1).Add(If(Opcode.Jeq, 1, 0, 1));
                code.Section.ElfRelocation(code.Section.Add(Asm.Call(-1)), "reads");
            },
            isStatic: false, KernelVersion.Line(major, minor)).Run());

    [Fact]
    public void The_result_of_a_static_function_is_known_to_its_caller()
    {
        var code = new Guarded(version: Linux618).In(".text").Exists(0).Add(Exit);
        code.Section.Function("answers", 0, 2, isStatic: true);
        code.In("raw_tp/x").Section.ElfRelocation(code.Section.Add(Asm.Call(-1)), "answers");
        Assert.False(code.Add(If(Opcode.Jeq, 0, 0, 1)).Poison().IsReachable());
    }

    [Fact]
    public void Functions_that_call_each_other_end_the_proof_and_not_the_walk()
    {
        var code = new Guarded(version: Linux618).In(".text").Add(Asm.Call(-1)).Poison().Add(Mov(0, 0), Exit);
        code.Section.Function("again", 0, 4, isStatic: true);
        code.In("raw_tp/x").Section.ElfRelocation(code.Section.Add(Asm.Call(-1)), "again");
        Assert.True(code.IsReachable());
    }

    // r1 and r2 agree on each path: 0 with 0, 1 with 1
    [Fact]
    public void Paths_that_meet_are_told_apart() =>
        Assert.False(new Guarded()
            .Add(If(Opcode.Jeq, 6, 0, 3), Mov(1, 0), Mov(2, 0), Goto(2), Mov(1, 1), Mov(2, 1), IfReg(Opcode.Jeq, 1, 2, 1)).Poison()
                .IsReachable());

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_callback_sees_what_its_context_on_the_stack_holds(int context, bool reachable)
    {
        var code = new Guarded(version: Linux618).In(".text").Add(Load(1, 2, 0), If(Opcode.Jeq, 1, 0, 1)).Poison().Add(Mov(0, 0), Exit);
        code.Section.Function("callback", 0, 5, isStatic: true);
        code.In("raw_tp/x").Add(Mov(1, context), Store(10, -8, 1), MovReg(3, 10), Alu(Opcode.Add, 3, -8), Mov(1, 4));
        code.Section.ElfRelocation(code.Section.Add(Load64(2, 0, src: 4)), "callback");
        Assert.Equal([reachable], code.Add(Mov(4, 0), Helper(181), Mov(0, 0), Exit).Run()); // bpf_loop
    }

    [Fact]
    public void What_a_callback_writes_to_the_stack_is_seen_after_the_call()
    {
        var code = new Guarded(version: Linux618).In(".text").Add(Mov(1, 1), Store(2, 0, 1), Mov(0, 0), Exit);
        code.Section.Function("callback", 0, 4, isStatic: true);
        code.In("raw_tp/x").Add(Mov(1, 0), Store(10, -8, 1), MovReg(3, 10), Alu(Opcode.Add, 3, -8), Mov(1, 4));
        code.Section.ElfRelocation(code.Section.Add(Load64(2, 0, src: 4)), "callback");
        Assert.True(code.Add(Mov(4, 0), Helper(181), Load(1, 10, -8), If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());
    }

    [Fact]
    public void An_indirect_jump_goes_to_the_places_of_its_table()
    {
        Assert.False(Table(0x30).IsReachable()); // over the poison
        Assert.True(Table(0x28).IsReachable()); // to it

        static Guarded Table(byte place)
        {
            var code = new Guarded(version: Linux618).Address(1, "BPF.JT.0.0")
                .Add(Load(1, 1, 0), new Instruction(0x0d, 1, 0, 0, 0), Mov(0, 0)).Poison();
            code.Writer.Data(".jumptables", "BPF.JT.0.0", place, 0, 0, 0, 0, 0, 0, 0);
            return code;
        }
    }

    // adjust_scalar_min_max_vals: XOR since 5.10, small spills since 5.16, BPF_ST since 6.3
    [Fact]
    public void Newer_verifiers_know_more()
    {
        Assert.False(new Guarded(version: Linux618).Add(Mov(1, 1), Alu(Opcode.Xor, 1, 1), If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());
        Assert.True(new Guarded(version: KernelVersion.Line(5, 9)).Add(Mov(1, 1), Alu(Opcode.Xor, 1, 1), If(Opcode.Jeq, 1, 0, 1)).Poison()
            .IsReachable());
        Assert.False(new Guarded(version: Linux618).Add(Mov(1, 5), Store(10, -8, 1, 4), Load(2, 10, -8, 4), If(Opcode.Jeq, 2, 5, 1))
            .Poison().IsReachable());
        Assert.False(
            new Guarded(version: Linux618).Add(StoreImm(10, -8, 5), Load(2, 10, -8), If(Opcode.Jeq, 2, 5, 1)).Poison().IsReachable());
        Assert.True(new Guarded(version: KernelVersion.Line(6, 2)).Add(StoreImm(10, -8, 5), Load(2, 10, -8), If(Opcode.Jeq, 2, 5, 1))
            .Poison().IsReachable());
    }

    [Fact]
    public void A_comparison_says_what_a_number_and_its_copies_are()
    {
        Assert.False(Random(MovReg(7, 0), If(Opcode.Jne, 7, 0, 2), If(Opcode.Jeq, 0, 0, 1)).IsReachable());
        Assert.True(Random(MovReg(7, 0), Helper(7), If(Opcode.Jne, 7, 0, 2), If(Opcode.Jeq, 0, 0, 1)).IsReachable()); // another number
        // may be an address
        Assert.True(
            new Guarded(version: Linux618).Add(Load(0, 6, 0), If(Opcode.Jne, 0, 0, 2), If(Opcode.Jeq, 0, 0, 1)).Poison().IsReachable());

        static Guarded Random(params Instruction[] rest) => new Guarded(version: Linux618).Add(Helper(7)).Add(rest).Poison();
    }

    [Fact]
    public void Masks_and_products_bound_a_number()
    {
        Assert.False(new Guarded(version: Linux618).Add(Helper(7), Alu(Opcode.And, 0, 7), If(Opcode.Jle, 0, 7, 1)).Poison().IsReachable());
        Assert.False(new Guarded(version: Linux618).Add(Helper(7)).Exists(1).Add(AluReg(Opcode.Mul, 0, 1), If(Opcode.Jeq, 0, 0, 1)).Poison()
            .IsReachable());
        Assert.True(new Guarded(version: Linux618).Add(Helper(7), Alu(Opcode.And, 0, 7), If(Opcode.Jle, 0, 6, 1)).Poison().IsReachable());
    }

    // libbpf: SEC("?…") is not loaded unless asked for
    [Fact]
    public void The_verdict_of_an_object_is_that_of_the_programs_that_are_loaded()
    {
        var code = new Guarded(version: Linux618).In("?kprobe/b").Poison().Add(Mov(0, 0), Exit);
        code.In("kprobe/a").Exists(1).Add(Mov(0, 0), Exit);
        var result = code.Result();
        Assert.Equal(Verdict.Ok, result.Verdict);
        Assert.Equal((1, 0), (result.Records.Count, result.LoadedRecords.Count));
    }

    [Fact]
    public void Each_program_has_its_verdict()
    {
        var code = new Guarded(version: Linux618).In("kprobe/a").Poison().Add(Mov(0, 0), Exit);
        code.In("kprobe/b").Exists(1).Add(If(Opcode.Jeq, 1, 0, 1)).Poison().Add(Mov(0, 0), Exit);
        code.In("kprobe/c").Exists(1).Add(Mov(0, 0), Exit);
        Assert.Equal(new() { ["kprobe/a"] = Verdict.Broken, ["kprobe/b"] = Verdict.Guarded, ["kprobe/c"] = Verdict.Ok }, code.Verdicts());
    }
}
