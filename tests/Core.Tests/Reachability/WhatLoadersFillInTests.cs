using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.Reachability;
using Relo.Core.Tests.Building;
using static Relo.Core.Tests.Building.Asm;

namespace Relo.Core.Tests.Reachability;

/// <summary>Values that libbpf or the kernel fix before a program is verified: .kconfig, .rodata, __ksym.</summary>
public class WhatLoadersFillInTests
{
    private static readonly KernelVersion Linux61 = KernelVersion.Exact(6, 1, 158);

    private static Guarded Versioned(KernelVersion? version, byte comparison, uint code)
    {
        var program = new Guarded(version: version).Extern("LINUX_KERNEL_VERSION", ".kconfig").Address(1, "LINUX_KERNEL_VERSION");
        return program.Add(Load(1, 1, 0, 4), If(comparison, 1, (int)code, 1)).Poison();
    }

    // bpf_object__resolve_externs of libbpf fills the variable, bpf_map_direct_read lets the verifier read it
    [Fact]
    public void A_branch_on_the_kernels_version_is_decided()
    {
        Assert.False(Versioned(Linux61, Opcode.Jge, KernelVersion.Code(5, 18, 0)).IsReachable());
        Assert.True(Versioned(Linux61, Opcode.Jge, KernelVersion.Code(6, 2, 0)).IsReachable());
    }

    [Fact]
    public void A_version_that_is_known_up_to_its_sublevel_decides_what_it_can()
    {
        var line = KernelVersion.Line(5, 15);
        Assert.False(Versioned(line, Opcode.Jge, KernelVersion.Code(5, 15, 0)).IsReachable());
        Assert.False(Versioned(line, Opcode.Jlt, KernelVersion.Code(5, 18, 0)).IsReachable());
        Assert.True(Versioned(line, Opcode.Jge, KernelVersion.Code(5, 15, 100)).IsReachable());
        Assert.False(Versioned(line, Opcode.Jne, KernelVersion.Code(5, 18, 0)).IsReachable());
        Assert.True(Versioned(line, Opcode.Jeq, KernelVersion.Code(5, 15, 3)).IsReachable());
    }

    [Fact]
    public void Without_a_version_both_ways_are_open() => Assert.True(Versioned(null, Opcode.Jge, 0).IsReachable());

    // "bpf: Track contents of read-only maps as scalars", Linux 5.5
    [Fact]
    public void Verifiers_before_5_5_read_no_frozen_maps() =>
        Assert.True(Versioned(KernelVersion.Exact(5, 4, 17), Opcode.Jlt, KernelVersion.Code(5, 18, 0)).IsReachable());

    [Fact]
    public void A_verdict_says_what_it_assumes()
    {
        var guarded = Versioned(Linux61, Opcode.Jge, KernelVersion.Code(5, 18, 0)).Add(Mov(0, 0), Exit).Result();
        Assert.Equal(Verdict.Guarded, guarded.Verdict);
        Assert.Equal(["LINUX_KERNEL_VERSION = 6.1.158"], guarded.Assumes);
        // A branch that closes nothing is not rested on.
        var program = new Guarded(version: Linux61).Extern("LINUX_KERNEL_VERSION", ".kconfig").Address(1, "LINUX_KERNEL_VERSION");
        var open = program.Add(Load(1, 1, 0, 4), If(Opcode.Jge, 1, 0, 0)).Poison().Add(Mov(0, 0), Exit).Result();
        Assert.Equal(Verdict.Broken, open.Verdict);
        Assert.Empty(open.Assumes);
    }

    [Fact]
    public void The_configuration_is_not_known() =>
        Assert.True(new Guarded(version: Linux61).Extern("CONFIG_HZ", ".kconfig").Address(1, "CONFIG_HZ")
            .Add(Load(1, 1, 0, 4), If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_read_only_variable_has_its_default(byte value, bool reachable)
    {
        var program = new Guarded(version: Linux61).Address(1, "wide").Add(Load(1, 1, 0, 1), If(Opcode.Jeq, 1, 0, 1)).Poison()
            .Add(Mov(0, 0), Exit);
        program.Writer.Data(".rodata", "wide", value);
        var result = program.Result();
        Assert.Equal(reachable ? Verdict.Broken : Verdict.Guarded, result.Verdict);
        Assert.Equal(reachable ? [] : [".rodata wide = 0"], result.Assumes);
    }

    [Theory]
    [InlineData(".data")]
    [InlineData(".bss")]
    public void Variables_that_may_change_are_not_known(string section)
    {
        var program = new Guarded(version: Linux61).Address(1, "wide").Add(Load(1, 1, 0, 1), If(Opcode.Jeq, 1, 0, 1)).Poison();
        program.Writer.Data(section, "wide", 0);
        Assert.True(program.IsReachable());
    }

    // bpf_ksym_exists(f): libbpf puts 0 where a weak symbol is absent, and an address that is not 0 where it is there
    [Theory]
    [InlineData("bpf_here", Opcode.Jeq, true)]
    [InlineData("bpf_here", Opcode.Jne, false)]
    [InlineData("bpf_gone", Opcode.Jeq, false)]
    [InlineData("bpf_gone", Opcode.Jne, true)]
    public void A_weak_kernel_function_is_there_or_not(string name, byte comparison, bool reachable)
    {
        var program = new Guarded(version: Linux61).Extern(name, ".ksyms", isFunction: true, isWeak: true).Address(1, name)
            .Add(If(comparison, 1, 0, 1)).Poison();
        program.Kernel.Ref(BtfKind.Func, program.Kernel.FuncProto(0), "bpf_here", count: 1);
        Assert.Equal(reachable, program.IsReachable());
    }

    [Fact]
    public void Btf_without_functions_proves_nothing_absent() =>
        Assert.True(new Guarded(version: Linux61).Extern("bpf_gone", ".ksyms", isFunction: true, isWeak: true).Address(1, "bpf_gone")
            .Add(If(Opcode.Jeq, 1, 0, 1)).Poison().IsReachable());

    // libbpf: POISON_CALL_KFUNC_BASE
    [Theory]
    [InlineData(true, Verdict.Broken)]
    [InlineData(false, Verdict.Ok)]
    public void A_call_of_an_absent_weak_function_is_refused_where_it_is_reached(bool isAbsent, Verdict verdict)
    {
        var name = isAbsent ? "bpf_gone" : "bpf_here";
        var program = new Guarded(version: Linux61).Extern(name, ".ksyms", isFunction: true, isWeak: true);
        program.Section.ElfRelocation(program.Section.Add(Call(-1)), name);
        program.Kernel.Ref(BtfKind.Func, program.Kernel.FuncProto(0), "bpf_here", count: 1);
        var result = program.Exists(1).Add(Mov(0, 0), Exit).Result();
        Assert.Equal(verdict, result.Verdict);
        Assert.Equal(isAbsent ? [RefusalKind.AbsentKfunc] : [], result.Calls.Select(call => call.Kind));
    }

    [Fact]
    public void A_guarded_call_of_an_absent_weak_function_is_guarded()
    {
        var program = new Guarded(version: Linux61).Extern("bpf_gone", ".ksyms", isFunction: true, isWeak: true).Address(1, "bpf_gone")
            .Add(If(Opcode.Jeq, 1, 0, 1));
        program.Section.ElfRelocation(program.Section.Add(Call(-1)), "bpf_gone");
        program.Kernel.Ref(BtfKind.Func, program.Kernel.FuncProto(0), "bpf_here", count: 1);
        var result = program.Exists(1).Add(Mov(0, 0), Exit).Result();
        Assert.Equal(Verdict.Guarded, result.Verdict);
        Assert.Equal(["ksym bpf_gone is absent"], result.Assumes);
    }

    // get_helper_proto of the verifier: "invalid func unknown#…"
    [Theory]
    [InlineData(6, Verdict.Broken)]
    [InlineData(5, Verdict.Ok)]
    [InlineData(113, Verdict.Ok)] // bpf_probe_read_kernel: loaders call bpf_probe_read instead
    public void A_helper_that_the_kernel_does_not_know_is_refused_where_it_is_reached(int helper, Verdict verdict)
    {
        var program = new Guarded(version: Linux61).Exists(1).Add(Helper(helper), Mov(0, 0), Exit);
        program.Kernel.Enum("bpf_func_id", 4, false, ("BPF_FUNC_unspec", 0), ("__BPF_FUNC_MAX_ID", 6));
        Assert.Equal(verdict, program.Result().Verdict);
    }

    // __builtin_unreachable() where no variant of a type matches: a plain call of 0xbad2310 without a record
    [Fact]
    public void A_poisoned_call_without_a_record_counts()
    {
        var reached = new Guarded().Exists(1).Add(Core.Relocation.InstructionPatcher.Poison).Result();
        Assert.Equal((Verdict.Broken, RefusalKind.PoisonedCall), (reached.Verdict, Assert.Single(reached.Calls).Kind));
        var dead = new Guarded().Exists(1).Add(If(Opcode.Jeq, 1, 0, 1), Core.Relocation.InstructionPatcher.Poison, Mov(0, 0), Exit)
            .Result();
        Assert.Equal(Verdict.Guarded, dead.Verdict);
    }
}
