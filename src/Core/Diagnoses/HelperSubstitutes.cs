namespace Relo.Core.Diagnoses;

/// <summary>What programs for older kernels use instead of a helper.</summary>
internal static class HelperSubstitutes
{
    private static readonly (string Start, string Text)[] All =
    [
        ("ringbuf_", "use a BPF_MAP_TYPE_PERF_EVENT_ARRAY and bpf_perf_event_output(), which every kernel since 4.4 has"),
        ("user_ringbuf_", "let user space write into an array or hash map that the program reads"),
        ("probe_read_kernel", "use bpf_probe_read(), which loaders also put in its place by themselves"),
        ("probe_read_user", "use bpf_probe_read(), which loaders also put in its place by themselves"),
        ("get_current_task_btf", "use (struct task_struct *)bpf_get_current_task() and BPF_CORE_READ()"),
        ("task_pt_regs", "use bpf_get_current_task() and read the registers at the top of its stack"),
        ("ktime_get_boot_ns", "use bpf_ktime_get_ns(); it does not count the time while suspended"),
        ("ktime_get_coarse_ns", "use bpf_ktime_get_ns()"),
        ("ktime_get_tai_ns", "use bpf_ktime_get_ns() and add the offset in user space"),
        ("jiffies64", "use bpf_ktime_get_ns()"),
        ("get_func_ip", "use PT_REGS_IP(ctx) in a kprobe"),
        ("get_func_arg", "declare the arguments with BPF_PROG(), or use PT_REGS_PARMn() in a kprobe"),
        ("get_func_ret", "use PT_REGS_RC() in a kretprobe"),
        ("get_attach_cookie", "load one program per attach point, with its cookie in a const volatile variable"),
        ("loop", "use a bounded for loop (kernels since 5.3), or #pragma unroll"),
        ("for_each_map_elem", "iterate over the map from user space"),
        ("timer_", "start the work from user space, or from a program that runs regularly (perf_event)"),
        ("snprintf", "send the values to user space and format them there"),
        ("trace_vprintk", "use bpf_trace_printk() with at most three arguments"),
        ("seq_printf", "send the values to user space and format them there"),
        ("strncmp", "compare in a bounded loop, or with __builtin_memcmp() for a constant length"),
        ("d_path", "walk dentry->d_parent with BPF_CORE_READ() in a bounded loop"),
        ("copy_from_user", "use bpf_probe_read_user(); it fails for pages that are not in memory"),
        ("get_ns_current_pid_tgid", "read the task's nsproxy->pid_ns_for_children and thread_pid with BPF_CORE_READ()"),
        ("get_current_ancestor_cgroup_id", "use bpf_get_current_cgroup_id(), or walk task->cgroups with BPF_CORE_READ()"),
        ("get_current_cgroup_id", "read task->cgroups->dfl_cgrp->kn->id with BPF_CORE_READ()"),
        ("get_task_stack", "use bpf_get_stack() or bpf_get_stackid() for the current task"),
        ("send_signal", "send an event to user space, which sends the signal"),
        ("map_lookup_percpu_elem", "look the key up on each CPU from user space"),
        ("this_cpu_ptr", "read the per-CPU variable's address from user space and add the CPU's offset"),
        ("per_cpu_ptr", "read the per-CPU variable's address from user space and add the CPU's offset"),
        ("task_storage_", "use a hash map with the thread's id as the key, and delete the entry when the task exits"),
        ("cgrp_storage_", "use a hash map with the cgroup's id as the key"),
        ("inode_storage_", "use a hash map with device and inode number as the key"),
        ("sk_storage_", "use a hash map with bpf_get_socket_cookie() as the key"),
        ("dynptr_", "use a buffer of a constant size with bounds checks"),
        ("redirect_neigh", "use bpf_fib_lookup() and bpf_redirect()"),
        ("redirect_peer", "use bpf_redirect()"),
        ("skc_to_", "cast the socket after a check of its protocol, and read it with BPF_CORE_READ()"),
        ("kallsyms_lookup_name", "read /proc/kallsyms in user space, or declare the symbol extern with __ksym"),
    ];

    /// <summary>The substitute of a helper, named without <c>bpf_</c>; null if none is known.</summary>
    public static string? Of(string name) => Array.Find(All, known => name.StartsWith(known.Start, StringComparison.Ordinal)).Text;
}
