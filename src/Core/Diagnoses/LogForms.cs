using static Relo.Core.Diagnoses.FindingKind;

namespace Relo.Core.Diagnoses;

/// <summary>The messages that are recognised. The regular expressions take time linear in the line.</summary>
internal static class LogForms
{
    private const string Name = @"(?<name>[A-Za-z0-9_.:/+@*?-]+)";

    /// <summary>All of them; the first that fits a line counts.</summary>
    public static IReadOnlyList<LogForm> All { get; } =
    [
        // verifier.c: check_helper_call. The number is POISON of libbpf's relo_core.c and of cilium/ebpf.
        new(PoisonedRelocation, "unknown#195896080", @"invalid func unknown#195896080", "invalid func unknown#195896080"),
        // cilium/ebpf poisons a 64-bit load so (btf/core.go: COREFixup.Apply).
        new(PoisonedRelocation, "r10 = 0xbad2310", @"\(18\) r10 = 0xbad2310", "(18) r10 = 0xbad2310 (cilium/ebpf)"),
        // libbpf.c: fixup_log_failed_core_relo
        new(PoisonedRelocation, "<invalid CO-RE relocation>", @"<invalid CO-RE relocation>",
            "<invalid CO-RE relocation>, failed to resolve CO-RE relocation <byte_off> [5] struct task_struct.state (0:1 @ offset 16)"),
        // relo_core.c: bpf_core_poison_insn, at libbpf's debug level
        new(PoisonedRelocation, "w/ invalid insn",
            @"prog '(?<program>[^']+)': relo #(?<n>[0-9]{1,7}): substituting insn #[0-9]{1,7} w/ invalid insn",
            "prog 'p': relo #3: substituting insn #12 w/ invalid insn"),
        // relo_core.c: bpf_core_calc_relo_insn; libbpf.c: bpf_object__relocate_core
        new(FindingKind.RelocationFailed, "': relo #",
            @"prog '(?<program>[^']+)': relo #(?<n>[0-9]{1,7}): (?:failed to (?:relocate|patch)|field offset ambiguity"
            + @"|relocation decision ambiguity|target candidate search failed|parsing |error matching candidate|unexpected insn"
            + @"|insn #[0-9]{1,7} \([A-Z_/0-9]+\) |failed to)",
            "prog 'p': relo #3: failed to relocate: -22"),
        new(FindingKind.RelocationFailed, "can't be applied to array access",
            @"prog '(?<program>[^']+)': relo [0-9]{1,2} at insn #(?<at>[0-9]{1,7}) can't",
            "prog 'p': relo 5 at insn #14 can't be applied to array access"),
        // libbpf.c: fixup_log_missing_kfunc_call, POISON_CALL_KFUNC_BASE
        new(Kfunc, "invalid func unknown#2002", @"invalid func unknown#(?<n>2002[0-9]{6})", "invalid func unknown#2002000000"),
        new(Kfunc, "is referenced but wasn't resolved", @"kfunc '(?<name>[^']+)' is referenced but wasn't resolved",
            "kfunc 'bpf_x' is referenced but wasn't resolved"),
        new(Kfunc, "not eliminated in verifier pass", @"invalid kernel function call not eliminated",
            "invalid kernel function call not eliminated in verifier pass"),
        new(Kfunc, "extern (func ksym)", @"extern \(func ksym\) '(?<name>[^']+)': (?:not found|func_proto|.*incompatible)",
            "extern (func ksym) 'bpf_x': not found in kernel or module BTFs"),
        new(Kfunc, "calling kernel function", $@"calling kernel function {Name} is not allowed",
            "calling kernel function bpf_x is not allowed"),
        new(Kfunc, "not found", $@"(?:func#(?<n>[0-9]{{1,9}})|kfunc ""?{Name}""?)..*not found", "func#123 ... not found"),
        // a map that was not created: POISON_LDIMM64_MAP_BASE
        new(Map, "is referenced but wasn't created", @"BPF map '(?<name>[^']+)' is referenced but wasn't created",
            "BPF map 'm' is referenced but wasn't created"),
        new(Map, "failed to create", @"map '(?<name>[^']+)': failed to create", "map 'm': failed to create: Invalid argument(-22)"),
        // verifier.c: check_helper_call
        new(Helper, "invalid func ", @"invalid func (?<name>[a-zA-Z0-9_]+)#(?<n>[0-9]{1,10})", "invalid func unknown#181"),
        new(Helper, "unknown func ", @"unknown func (?<name>[a-zA-Z0-9_]+)#(?<n>[0-9]{1,10})", "unknown func bpf_ringbuf_output#130"),
        new(Helper, "cannot use helper", @"program of this type cannot use helper (?<name>[a-zA-Z0-9_]+)#(?<n>[0-9]{1,10})",
            "program of this type cannot use helper bpf_x#130"),
        // libbpf.c: bpf_object__resolve_externs
        new(Ksym, "extern (var ksym)", @"extern \(var ksym\) '(?<name>[^']+)': (?:not found|.*incompatible)",
            "extern (var ksym) 'x': not found in kernel BTF"),
        new(Ksym, "': not resolved", @"extern [^']*'(?<name>[^']+)': not resolved", "extern (strong) 'x': not resolved"),
        new(Ksym, "address for kernel symbol", @"failed to find the address for kernel symbol '(?<name>[^']+)'",
            "ldimm64 failed to find the address for kernel symbol 'x'"),
        // libbpf.c: libbpf_find_attach_btf_id, bpf_program__attach_kprobe_opts, bpf_program__attach_tracepoint_opts
        new(AttachTarget, "kernel BTF type ID of", @"failed to find kernel BTF type ID of '(?<name>[^']+)'",
            "failed to find kernel BTF type ID of 'x': -3"),
        new(AttachTarget, "perf event", @"failed to create k(?:ret)?probe '(?<name>[^'+]+)[^']*' perf event",
            "failed to create kprobe 'x+0x0' perf event: No such file"),
        new(AttachTarget, "failed to determine tracepoint", @"failed to determine tracepoint '(?<name>[^']+)' perf event ID",
            "failed to determine tracepoint 'sched/x' perf event ID"),
        new(AttachTarget, "failed to attach to raw tracepoint", @"failed to attach to raw tracepoint '(?<name>[^']+)'",
            "failed to attach to raw tracepoint 'x'"),
        // cilium/ebpf: link.Kprobe, btf.Spec.TypeByName; aya-obj: BtfError::UnknownBtfTypeName
        new(AttachTarget, "symbol ", $@"symbol '?{Name}'?: (?:not found|no such file or directory)", "symbol 'x': not found (cilium/ebpf)"),
        new(AttachTarget, "unknown BTF type", @"[Uu]nknown BTF type [`'""](?<name>[^`'""]+)[`'""]", "unknown BTF type `x` (aya)"),
        new(AttachTarget, "find target for", @"find target for [A-Za-z.]{0,64} ?(?<name>[A-Za-z0-9_]+)", "find target for x (cilium/ebpf)"),
        // libbpf.c: bpf_object__load_vmlinux_btf; cilium/ebpf: btf.LoadKernelSpec; aya: Btf::from_sys_fs
        new(KernelBtf, "valid kernel BTF", @"failed to find valid kernel BTF", "failed to find valid kernel BTF"),
        new(KernelBtf, "loading vmlinux BTF", @"[Ee]rror loading vmlinux BTF", "Error loading vmlinux BTF: -3"),
        new(KernelBtf, "no BTF found for kernel", @"no BTF found for kernel", "no BTF found for kernel version 5.4.0 (cilium/ebpf)"),
        new(KernelBtf, "/sys/kernel/btf/vmlinux",
            @"(?:[Nn]o such file|not found|failed|open).*/sys/kernel/btf/vmlinux"
            + @"|/sys/kernel/btf/vmlinux.*(?:[Nn]o such file|not found|failed)",
            "open /sys/kernel/btf/vmlinux: no such file or directory"),
        new(KernelBtf, "ESRCH", @"-?ESRCH", "-ESRCH"),
        // verifier.c: check_mem_region_access, check_ctx_access, btf_struct_access; btf.c: btf_prepare_func_args
        new(MapValueAccess, "invalid access to map value", @"invalid access to map value",
            "invalid access to map value, value_size=8 off=8 size=8"),
        new(ContextAccess, "context access off=", @"invalid (?<name>bpf_[a-z_]{1,64}) access off=",
            "invalid bpf_context access off=96 size=8"),
        new(StructAccess, "access beyond struct", $@"access beyond struct {Name}", "access beyond struct x at off 64 size 8"),
        new(IncompleteType, "reference type('", @"reference type\('(?<name>[^']+)'\)",
            "reference type('FWD task_struct') size cannot be determined: -22"),
    ];
}
