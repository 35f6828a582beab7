using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.Checks;

namespace Relo.Core.Tests.Checks;

/// <summary>Each kind of need against kernels that show it, lack it, and cannot show it.</summary>
public class NeedChecksTests
{
    private const int RingbufOutput = 130, ProbeReadKernel = 113, SpinLock = 93;

    [Fact]
    public void A_helper_of_the_kernels_enum_is_present()
    {
        var check = new Held().Program("kprobe/f", RingbufOutput)
            .Kernel(k => k.Helpers(("BPF_FUNC_ringbuf_output", 130), ("__BPF_FUNC_MAX_ID", 131))).Check(NeedKind.Helper);
        Assert.Equal(("bpf_ringbuf_output", CheckStatus.Present, "5.8", false), (check.Name, check.Status, check.Since, check.Optional));
        Assert.Equal(["f_prog"], check.Programs);
        Assert.Contains("BPF_FUNC_ringbuf_output", check.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_helper_beyond_the_end_of_the_enum_is_absent()
    {
        var check = new Held().Program("kprobe/f", RingbufOutput)
            .Kernel(k => k.Helpers(("BPF_FUNC_unspec", 0), ("__BPF_FUNC_MAX_ID", 120))).Check(NeedKind.Helper);
        Assert.Equal((CheckStatus.Absent, false), (check.Status, check.Optional));
    }

    // bpf_object__sanitize_prog of libbpf
    [Fact]
    public void Loaders_replace_probe_read_kernel_where_it_is_absent() => Assert.Equal(
        CheckStatus.Present,
        new Held().Program("kprobe/f", ProbeReadKernel).Kernel(k => k.Helpers(("BPF_FUNC_unspec", 0), ("__BPF_FUNC_MAX_ID", 100)))
            .Check(NeedKind.Helper).Status);

    [Fact]
    public void A_number_that_the_kernel_gives_to_another_helper_is_not_the_objects_helper()
    {
        var check = new Held().Program("kprobe/f", SpinLock)
            .Kernel(k => k.Helpers(("BPF_FUNC_unspec", 0), ("BPF_FUNC_vendor", SpinLock), ("__BPF_FUNC_MAX_ID", 200)))
            .Check(NeedKind.Helper);
        Assert.Equal(
            ("bpf_spin_lock", CheckStatus.Absent, "enum bpf_func_id has no BPF_FUNC_spin_lock", false),
            (check.Name, check.Status, check.Evidence, check.Optional));
        var moved = new Held().Program("kprobe/f", SpinLock)
            .Kernel(k => k.Helpers(("BPF_FUNC_spin_lock", 94), ("__BPF_FUNC_MAX_ID", 200))).Check(NeedKind.Helper);
        Assert.Equal((CheckStatus.Absent, "enum bpf_func_id has BPF_FUNC_spin_lock as 94, not 93"), (moved.Status, moved.Evidence));
    }

    [Fact]
    public void An_enum_of_helpers_without_its_end_proves_no_helper_absent() => Assert.Equal(
        CheckStatus.Unknown,
        new Held().Program("kprobe/f", SpinLock).Kernel(k => k.Helpers(("BPF_FUNC_unspec", 0))).Check(NeedKind.Helper).Status);

    [Fact]
    public void Without_the_enum_nothing_is_known_of_helpers() =>
        Assert.Equal(CheckStatus.Unknown, new Held().Program("kprobe/f", RingbufOutput).Check(NeedKind.Helper).Status);

    [Fact]
    public void An_absent_helper_that_is_never_called_is_optional()
    {
        // r1 = 0; if r1 == 0 goto +1; call ringbuf_output
        var check = new Held()
            .Code("kprobe/f", new(0xb7, 1, 0, 0, 0), new(0x15, 1, 0, 1, 0), new(0x85, 0, 0, 0, RingbufOutput), new(0xb7, 0, 0, 0, 0))
            .Kernel(k => k.Helpers(("BPF_FUNC_unspec", 0), ("__BPF_FUNC_MAX_ID", 120))).Check(NeedKind.Helper);
        Assert.Equal((CheckStatus.Absent, true), (check.Status, check.Optional));
    }

    [Fact]
    public void What_only_optional_programs_need_is_optional()
    {
        var kernel = (BtfWriter k) => k.Helpers(("BPF_FUNC_unspec", 0), ("__BPF_FUNC_MAX_ID", 120));
        Assert.True(new Held().Program("?kprobe/f", RingbufOutput).Kernel(kernel).Check(NeedKind.Helper).Optional);
        var both = new Held().Program("?kprobe/f", RingbufOutput).Program("kprobe/g", RingbufOutput).Kernel(kernel).Check(NeedKind.Helper);
        Assert.Equal(["f_prog", "g_prog"], both.Programs);
        Assert.False(both.Optional);
    }

    [Theory]
    [InlineData("fentry/tcp_v4_connect")]
    [InlineData("fexit.s/tcp_v4_connect")]
    [InlineData("fentry/vmlinux:tcp_v4_connect")]
    [InlineData("fmod_ret/tcp_v4_connect")]
    [InlineData("fsession/tcp_v4_connect")]
    public void A_traced_function_is_present_or_absent_as_the_BTF_lists_it(string section)
    {
        Assert.Equal(
            CheckStatus.Present, new Held().Program(section).Kernel(k => k.Function("tcp_v4_connect")).Check(NeedKind.AttachTarget).Status);
        Assert.Equal(CheckStatus.Absent, new Held().Program(section).Kernel(k => k.Function("other")).Check(NeedKind.AttachTarget).Status);
    }

    // pahole before 1.18 wrote no functions
    [Fact]
    public void BTF_without_any_function_proves_nothing_absent() =>
        Assert.Equal(CheckStatus.Unknown, new Held().Program("fentry/f").Check(NeedKind.AttachTarget).Status);

    [Fact]
    public void A_kernel_that_takes_modules_may_have_the_function_in_one_that_is_not_known()
    {
        var check = new Held().Program("fentry/f").Kernel(k => k.Function("load_module")).Check(NeedKind.AttachTarget);
        Assert.Equal(CheckStatus.Unknown, check.Status);
        Assert.Contains("module", check.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_of_known_modules_count()
    {
        var held = new Held().Program("fentry/f").Kernel(k => k.Function("load_module"));
        Assert.Equal(CheckStatus.Absent, held.Module("nf", m => m.Function("g")).Check(NeedKind.AttachTarget).Status);
        var check = held.Module("xt", m => m.Function("f")).Check(NeedKind.AttachTarget);
        Assert.Equal((CheckStatus.Present, "FUNC f in module xt"), (check.Status, check.Evidence));
    }

    // find_kernel_btf_id of libbpf looks only in the module that the section names.
    [Fact]
    public void A_function_of_a_named_module_is_looked_for_there_only()
    {
        var held = new Held().Program("fentry/nf_nat:f").Kernel(k => { k.Function("f"); k.Function("load_module"); });
        Assert.Equal((CheckStatus.Unknown, "the BTF of module nf_nat is not known here"), Shown());
        held.Module("xt", m => m.Function("g"));
        Assert.Equal((CheckStatus.Absent, "no FUNC f: the kernel has no module nf_nat"), Shown());
        held.Module("nf_nat", m => m.Function("h"));
        Assert.Equal((CheckStatus.Absent, "no FUNC f in module nf_nat: no such function, or it was inlined or renamed"), Shown());
        var other = new Held().Program("fentry/nf_nat:f").Kernel(k => k.Function("f")).Module("nf_nat", m => m.Function("f"));
        Assert.Equal("FUNC f in module nf_nat", other.Check(NeedKind.AttachTarget).Evidence);

        (CheckStatus, string) Shown()
        {
            var check = held.Check(NeedKind.AttachTarget);
            return (check.Status, check.Evidence);
        }
    }

    [Fact]
    public void A_function_of_vmlinux_by_name_is_not_looked_for_in_modules()
    {
        var check = new Held().Program("fentry/vmlinux:f").Kernel(k => k.Function("load_module")).Module("m", m => m.Function("f"))
            .Check(NeedKind.AttachTarget);
        Assert.Equal(
            (CheckStatus.Absent, "no FUNC f in vmlinux: no such function, or it was inlined or renamed"), (check.Status, check.Evidence));
    }

    // .BTF.inline as resolve_btfids of 2026 writes it: LOCSEC entries of function, locations of the parameters, offset.
    [Fact]
    public void A_function_that_was_inlined_everywhere_is_absent_and_that_is_said()
    {
        var check = new Held().Program("fentry/f").Kernel(k => k.Function("g")).Inlined("vmlinux", "f", "f", "f", "g")
            .Check(NeedKind.AttachTarget);
        Assert.Equal((CheckStatus.Absent, "no FUNC f in vmlinux or its modules: it was inlined in 3 places"), (check.Status, check.Evidence));
    }

    [Theory]
    [InlineData("fentry/f")]
    [InlineData("kprobe/f")]
    public void A_function_that_was_inlined_in_some_places_is_present_and_that_is_said(string section)
    {
        var check = new Held().Program(section).Kernel(k => k.Function("f")).Inlined("vmlinux", "f").Check(NeedKind.AttachTarget);
        Assert.Equal(
            (CheckStatus.Present, "FUNC f in vmlinux; it was inlined in 1 place, where the program does not run"),
            (check.Status, check.Evidence));
    }

    [Fact]
    public void A_probed_function_that_was_inlined_may_have_a_symbol_elsewhere()
    {
        var check = new Held().Program("kprobe/f").Kernel(k => k.Function("g")).Inlined("vmlinux", "f").Check(NeedKind.AttachTarget);
        Assert.Equal(CheckStatus.Unknown, check.Status);
        Assert.StartsWith("no FUNC f in BTF: it was inlined in 1 place; a kprobe", check.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_inline_sites_of_a_module_are_read_for_its_functions_only()
    {
        var held = new Held().Program("fentry/m:f").Kernel(k => k.Function("g")).Module("m", m => m.Function("h")).Inlined("m", "f", "f");
        Assert.Contains("it was inlined in 2 places", held.Check(NeedKind.AttachTarget).Evidence, StringComparison.Ordinal);
        var other = new Held().Program("fentry/f").Kernel(k => k.Function("g")).Module("m", m => m.Function("h")).Inlined("m", "f", "f");
        Assert.DoesNotContain("places", other.Check(NeedKind.AttachTarget).Evidence, StringComparison.Ordinal);
    }

    // A kprobe takes any symbol, and BTF leaves out functions that are static in several files.
    [Fact]
    public void A_probed_function_is_never_called_absent()
    {
        Assert.Equal(CheckStatus.Unknown, new Held().Program("kprobe/f").Kernel(k => k.Function("g")).Check(NeedKind.AttachTarget).Status);
        Assert.Equal(
            CheckStatus.Present, new Held().Program("kprobe/f+0x10").Kernel(k => k.Function("f")).Check(NeedKind.AttachTarget).Status);
    }

    [Fact]
    public void A_function_that_is_traced_and_probed_is_two_needs()
    {
        var checks = new Held().Program("kprobe/f").Program("fentry/f").Kernel(k => k.Function("g")).Checks();
        Assert.Equal([CheckStatus.Unknown, CheckStatus.Absent],
            checks.Where(check => check.Kind == NeedKind.AttachTarget).Select(check => check.Status));
    }

    [Theory]
    [InlineData("ksyscall/f", "__x64_sys_f")]
    [InlineData("lsm/f", "bpf_lsm_f")]
    public void Functions_of_other_names_are_needs_of_their_own(string section, string function)
    {
        var held = new Held().Program(section.StartsWith("lsm", StringComparison.Ordinal) ? "fentry/f" : "kprobe/f").Program(section);
        var checks = held.Kernel(k => k.Function(function)).Checks().Where(check => check.Kind == NeedKind.AttachTarget).ToList();
        Assert.Equal(2, checks.Count);
        Assert.NotEqual(CheckStatus.Present, checks[0].Status);
        Assert.Equal((CheckStatus.Present, $"FUNC {function} in vmlinux"), (checks[1].Status, checks[1].Evidence));
    }

    [Fact]
    public void A_tracepoint_of_a_system_call_needs_no_symbol()
    {
        var kernel = (BtfWriter k) => k.Function("g");
        Assert.Equal(
            "no FUNC __x64_sys_openat in BTF; the tracepoint needs only the system call, whose function may have another name",
            new Held().Program("tp/syscalls/sys_enter_openat").Kernel(kernel).Check(NeedKind.AttachTarget).Evidence);
        Assert.Equal(
            "no FUNC __x64_sys_openat in BTF; a kprobe needs only a symbol, which /proc/kallsyms may have",
            new Held().Program("ksyscall/openat").Kernel(kernel).Check(NeedKind.AttachTarget).Evidence);
    }

    // bpf_map__init_kern_struct_ops of libbpf checks each variable.
    [Fact]
    public void A_struct_of_functions_needs_the_members_that_any_variable_of_it_sets()
    {
        var held = new Held().Program("struct_ops/f");
        var word = held.Types.Int("int", 4);
        var type = held.Types.Struct(
            "tcp_congestion_ops", 8, new BtfWriter.Member("key", word, 0), new BtfWriter.Member("flags", word, 32));
        held.Types.DataSec(".struct_ops", 8, (held.Types.Var("first", type), 0u, 8u));
        held.Types.DataSec(".struct_ops.link", 8, (held.Types.Var("second", type), 0u, 8u));
        held.Object.Data(".struct_ops", "first", 1, 0, 0, 0, 0, 0, 0, 0);
        held.Object.Data(".struct_ops.link", "second", 0, 0, 0, 0, 1, 0, 0, 0);
        var check = held.Kernel(k =>
        {
            var operations = k.Struct("tcp_congestion_ops", 4, new BtfWriter.Member("key", k.Int("int", 4), 0));
            k.Struct("bpf_struct_ops_tcp_congestion_ops", 4, new BtfWriter.Member("data", operations, 0));
        }).Check(NeedKind.StructOps);
        Assert.Equal(
            (CheckStatus.Absent, "struct tcp_congestion_ops in vmlinux has no flags, which the object sets"),
            (check.Status, check.Evidence));
    }

    [Fact]
    public void Beyond_256_structs_of_functions_one_need_says_that_the_rest_is_not_checked()
    {
        var held = new Held().Program("struct_ops/f");
        var type = held.Types.Struct("tcp_congestion_ops", 4, new BtfWriter.Member("key", held.Types.Int("int", 4), 0));
        held.Types.DataSec(".struct_ops", 4, [.. Enumerable.Range(0, 257).Select(i => (held.Types.Var($"v{i}", type), 0u, 4u))]);
        held.Object.Data(".struct_ops", "v0", 0, 0, 0, 0);
        Assert.Equal(
            ["all structs", "tcp_congestion_ops"],
            held.Checks().Where(check => check.Kind == NeedKind.StructOps).Select(check => check.Name));
    }

    [Fact]
    public void A_system_call_is_found_under_the_name_of_its_architecture()
    {
        foreach (var section in (string[])["ksyscall/openat", "tp/syscalls/sys_enter_openat"])
            Assert.Equal(CheckStatus.Present,
                new Held().Program(section).Kernel(k => k.Function("__arm64_sys_openat")).Check(NeedKind.AttachTarget).Status);
    }

    [Theory]
    [InlineData("tp_btf/sched_wakeup")]
    [InlineData("raw_tp/sched_wakeup")]
    [InlineData("tp/sched/sched_wakeup")]
    public void A_tracepoint_is_a_typedef(string section)
    {
        Assert.Equal(
            CheckStatus.Present, new Held().Program(section).Kernel(k => k.Tracepoint("sched_wakeup")).Check(NeedKind.AttachTarget).Status);
        Assert.Equal(CheckStatus.Unknown, new Held().Program(section).Check(NeedKind.AttachTarget).Status);
        var other = new Held().Program(section).Kernel(k => { k.Function("f"); k.Tracepoint("sched_switch"); });
        Assert.Equal(CheckStatus.Absent, other.Check(NeedKind.AttachTarget).Status);
    }

    [Theory]
    [InlineData("lsm/file_open", "bpf_lsm_file_open")]
    [InlineData("iter.s/task", "bpf_iter_task")]
    public void Hooks_and_iterators_are_functions(string section, string function) =>
        Assert.Equal(
            CheckStatus.Present, new Held().Program(section).Kernel(k => k.Function(function)).Check(NeedKind.AttachTarget).Status);

    [Theory]
    [InlineData("uprobe//bin/bash:readline")]
    [InlineData("xdp")]
    [InlineData("freplace/f")]
    public void Targets_that_are_not_the_kernels_are_no_need(string section) =>
        Assert.DoesNotContain(new Held().Program(section).Checks(), check => check.Kind == NeedKind.AttachTarget);

    [Fact]
    public void Program_and_attach_types_are_enumerators()
    {
        var checks = new Held().Program("kprobe.multi/f").Kernel(k =>
        {
            k.Enum("bpf_prog_type", 4, false, ("BPF_PROG_TYPE_KPROBE", 2));
            k.Enum("bpf_attach_type", 4, false, ("BPF_TRACE_FENTRY", 24));
        }).Checks().Where(check => check.Kind == NeedKind.ProgramType).Select(check => (check.Name, check.Status));
        Assert.Equal([("kprobe", CheckStatus.Present), ("BPF_TRACE_KPROBE_MULTI", CheckStatus.Absent)], checks);
    }

    [Fact]
    public void A_kernel_function_with_another_prototype_is_changed()
    {
        Assert.Equal(CheckStatus.Present, Kfunc(parameters: 1).Status);
        Assert.Equal(CheckStatus.Changed, Kfunc(parameters: 2).Status);

        static Check Kfunc(int parameters)
        {
            var held = new Held();
            var local = held.Types.Ref(BtfKind.Func, held.Types.FuncProto(held.Types.Int("int", 4), ("a", 1u)), "bpf_f", 2);
            held.Types.DataSec(".ksyms", 0, (local, 0u, 0u));
            held.Code("tc", new Instruction(0x85, 0, 2, 0, -1)).Object.LastSection.ElfRelocation(0, "bpf_f");
            return held.Kernel(k =>
            {
                var number = k.Int("int", 4);
                k.Ref(BtfKind.Func,
                    parameters == 1 ? k.FuncProto(number, ("a", number)) : k.FuncProto(number, ("a", number), ("b", number)), "bpf_f");
            }).Check(NeedKind.Kfunc);
        }
    }

    // The commit that added global data (5.2) added map_direct_value_addr.
    [Fact]
    public void Global_data_shows_in_the_operations_of_maps()
    {
        var held = new Held().Program("xdp");
        held.Object.Data(".rodata", "x", 1, 2, 3, 4);
        Assert.Equal(CheckStatus.Unknown, held.Check(NeedKind.GlobalData).Status);
        Assert.Equal(CheckStatus.Absent, Data(("map_alloc", 1)).Status);
        Assert.Equal(CheckStatus.Present, Data(("map_direct_value_addr", 1)).Status);

        static Check Data((string Name, uint Type) member)
        {
            var held = new Held().Program("xdp");
            held.Object.Data(".rodata", "x", 1, 2, 3, 4);
            return held.Kernel(k => k.Struct("bpf_map_ops", 8, new BtfWriter.Member(member.Name, k.Int("long", 8), 0)))
                .Check(NeedKind.GlobalData);
        }
    }

    [Fact]
    public void Kernel_BTF_is_there_where_the_code_that_shows_it_was_compiled()
    {
        var held = new Held().Program("fentry/f").Kernel(k => k.Function("f"));
        Assert.Equal(CheckStatus.Unknown, held.Check(NeedKind.KernelBtf).Status);
        Assert.Equal(CheckStatus.Present, held.Kernel(k => k.Function("btf_vmlinux_init")).Check(NeedKind.KernelBtf).Status);
    }

    [Fact]
    public void Beyond_4096_programs_one_need_says_that_the_rest_is_not_checked()
    {
        var held = new Held();
        for (var i = 0; i < 4100; i++) held.Program($"fentry/f{i}");
        var checks = held.Kernel(k => k.Function("f0")).Checks();
        Assert.Equal(4096, checks.Count(check => check.Kind == NeedKind.AttachTarget));
        Assert.Contains(checks, check => check is { Name: "all programs", Status: CheckStatus.Unknown });
    }
}
