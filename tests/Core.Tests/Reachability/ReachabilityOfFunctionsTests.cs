using Relo.Core.Bpf;
using Relo.Core.Tests.Building;
using static Relo.Core.Tests.Building.Asm;

namespace Relo.Core.Tests.Reachability;

/// <summary>
/// Functions in .text: libbpf appends those that a program calls (bpf_object__reloc_code), the verifier looks into those that it reaches.
/// </summary>
public class ReachabilityOfFunctionsTests
{
    /// <summary>One poisoned function in .text called <c>sub</c>, after one that is not poisoned.</summary>
    private static bool IsReachable(Action<Guarded> program, bool isStatic = true)
    {
        var code = new Guarded().In(".text").Add(Mov(0, 0), Exit).Poison().Add(Mov(0, 0), Exit);
        code.Section.Function("first", 0, 2, isStatic);
        code.Section.Function("sub", 2, 3, isStatic);
        code.In("raw_tp/x");
        program(code);
        code.Add(Mov(0, 0), Exit);
        return Assert.Single(code.Run());
    }

    [Fact]
    public void A_function_nobody_calls_is_not_loaded()
    {
        Assert.False(IsReachable(_ => { }));
        Assert.False(IsReachable(_ => { }, isStatic: false));
    }

    [Fact]
    public void A_called_function_is_reachable()
    {
        Assert.True(IsReachable(code =>
        {
            code.Add(Call(-1));
            code.Section.ElfRelocation(0, "sub");
        }));
        // A static function by its place in the section: symbol at 0, imm counts from the instruction after the call.
        Assert.True(IsReachable(code =>
        {
            code.Add(Call(1));
            code.Section.ElfRelocation(0, "first");
        }));
        Assert.False(IsReachable(code =>
        {
            code.Add(Call(-1));
            code.Section.ElfRelocation(0, "first");
        }));
    }

    [Fact]
    public void A_static_function_called_from_dead_code_is_not_reached() =>
        Assert.False(IsReachable(code =>
        {
            code.Exists(1).Add(If(Opcode.Jeq, 1, 0, 1), Call(-1));
            code.Section.ElfRelocation(2, "sub");
        }));

    // do_check_subprogs of Linux 5.6 to 6.7 verifies global functions even if nothing calls them
    [Fact]
    public void A_global_function_called_from_dead_code_is_verified_by_itself() =>
        Assert.True(IsReachable(
            code =>
            {
                code.Exists(1).Add(If(Opcode.Jeq, 1, 0, 1), Call(-1));
                code.Section.ElfRelocation(2, "sub");
            },
            isStatic: false));

    [Fact]
    public void A_callback_is_reachable_where_its_address_is_taken()
    {
        Assert.True(IsReachable(code =>
        {
            code.Add(Load64(2, 0, src: 4)).Add(Helper(181)); // bpf_loop
            code.Section.ElfRelocation(0, "sub");
        }));
        // static: the symbol is the section's, the place is in the immediate, in bytes
        Assert.True(IsReachable(code =>
        {
            code.Add(Load64(2, 16, src: 4)).Add(Helper(181));
            code.Section.ElfRelocation(0, "first");
        }));
        Assert.False(IsReachable(code =>
        {
            code.Exists(1).Add(If(Opcode.Jeq, 1, 0, 3)).Add(Load64(2, 0, src: 4)).Add(Helper(181));
            code.Section.ElfRelocation(2, "sub");
        }));
    }

    [Fact]
    public void A_kernel_function_is_none_of_ours() =>
        Assert.False(IsReachable(code =>
        {
            code.Add(Call(-1));
            code.Section.ElfRelocation(0, "bpf_task_acquire");
        }));

    [Fact]
    public void Functions_call_each_other_within_text()
    {
        var code = new Guarded().In(".text").Add(Call(1), Exit).Poison().Add(Mov(0, 0), Exit);
        code.Section.Function("outer", 0, 2, isStatic: true);
        code.Section.Function("inner", 2, 3, isStatic: true);
        code.In("raw_tp/x").Add(Call(-1), Exit);
        code.Section.ElfRelocation(0, "outer");
        Assert.Equal([true], code.Run());
    }

    [Fact]
    public void What_is_called_cannot_be_told_so_all_are()
    {
        Assert.True(IsReachable(code => code.Add(Call(100))));
        Assert.True(IsReachable(code => code.Add(Load64(2, 0, src: 4))));
        Assert.True(IsReachable(code =>
        {
            code.Add(Mov(1, 0), Mov(1, 0));
            code.Section.ElfRelocation(0, "first");
            code.Section.ElfRelocation(0, "first");
        }));
    }

    // bpf_object__init_prog: with a single program, .text is no library
    [Fact]
    public void The_only_program_is_an_entry_even_in_text()
    {
        var code = new Guarded().In(".text").Poison().Add(Mov(0, 0), Exit);
        Assert.Equal([true], code.Run());
    }

    [Fact]
    public void A_program_that_is_not_loaded_by_default_counts_as_loaded()
    {
        var code = new Guarded().In("?kprobe/x").Poison().Add(Mov(0, 0), Exit);
        Assert.Equal([true], code.Run());
    }

    [Fact]
    public void An_exception_callback_is_called_by_nobody_and_verified_all_the_same() =>
        Assert.True(IsReachable(code => code.Writer.Btf.DeclTag("exception_callback:sub", 1)));
}
