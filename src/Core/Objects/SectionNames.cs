namespace Relo.Core.Objects;

/// <summary>The section names libbpf knows (libbpf.c, section_defs, up to those of 2026-10), by the program type they stand for.</summary>
internal static class SectionNames
{
    /// <summary>Names that must match to the end: <c>xdp</c>, but not <c>xdp/anything</c>.</summary>
    public static readonly (string Type, string Sections)[] Whole =
    [
        ("socket-filter", "socket"),
        ("sk-reuseport", "sk_reuseport sk_reuseport/migrate"),
        ("sched-cls", "tc tc/ingress tc/egress tcx/ingress tcx/egress classifier netkit/primary netkit/peer"),
        ("sched-act", "action"),
        ("syscall", "syscall"),
        ("xdp", "xdp xdp/devmap xdp/cpumap xdp.frags xdp.frags/devmap xdp.frags/cpumap"),
        ("perf-event", "perf_event"),
        ("lwt-in", "lwt_in"),
        ("lwt-out", "lwt_out"),
        ("lwt-xmit", "lwt_xmit"),
        ("lwt-seg6local", "lwt_seg6local"),
        ("sock-ops", "sockops"),
        ("sk-skb", "sk_skb sk_skb/stream_parser sk_skb/stream_verdict sk_skb/verdict"),
        ("sk-msg", "sk_msg"),
        ("lirc-mode2", "lirc_mode2"),
        ("flow-dissector", "flow_dissector"),
        ("cgroup-skb", "cgroup_skb/ingress cgroup_skb/egress cgroup/skb"),
        ("cgroup-sock", "cgroup/sock cgroup/sock_create cgroup/sock_release cgroup/post_bind4 cgroup/post_bind6"),
        ("cgroup-sock-addr", "cgroup/bind4 cgroup/bind6 cgroup/connect4 cgroup/connect6 cgroup/connect_unix"),
        ("cgroup-sock-addr", "cgroup/sendmsg4 cgroup/sendmsg6 cgroup/sendmsg_unix cgroup/recvmsg4 cgroup/recvmsg6 cgroup/recvmsg_unix"),
        ("cgroup-sock-addr", "cgroup/getpeername4 cgroup/getpeername6 cgroup/getpeername_unix"),
        ("cgroup-sock-addr", "cgroup/getsockname4 cgroup/getsockname6 cgroup/getsockname_unix"),
        ("cgroup-sysctl", "cgroup/sysctl"),
        ("cgroup-sockopt", "cgroup/getsockopt cgroup/setsockopt"),
        ("cgroup-device", "cgroup/dev"),
        ("sk-lookup", "sk_lookup"),
        ("netfilter", "netfilter"),
    ];

    /// <summary>
    /// Names that stand alone or before a slash and more: <c>kprobe</c>, <c>kprobe/do_unlinkat</c>, but not <c>kprobes</c>.
    /// </summary>
    public static readonly (string Type, string Sections)[] Stems =
    [
        ("kprobe", "kprobe kretprobe kprobe.multi kretprobe.multi kprobe.session ksyscall kretsyscall"),
        ("kprobe", "uprobe uretprobe uprobe.s uretprobe.s uprobe.multi uretprobe.multi uprobe.multi.s uretprobe.multi.s"),
        ("kprobe", "uprobe.session uprobe.session.s usdt usdt.s"),
        ("tracepoint", "tracepoint tp tracepoint.s tp.s"),
        ("raw-tracepoint", "raw_tracepoint raw_tp raw_tracepoint.s raw_tp.s"),
        ("raw-tracepoint-writable", "raw_tracepoint.w raw_tp.w"),
        ("tracing", "tp_btf tp_btf.s fentry fentry.s fexit fexit.s fmod_ret fmod_ret.s fsession fsession.s iter iter.s"),
        ("tracing", "fentry.multi fentry.multi.s fexit.multi fexit.multi.s fsession.multi fsession.multi.s"),
        ("ext", "freplace"),
        ("lsm", "lsm lsm.s lsm_cgroup"),
        ("struct-ops", "struct_ops struct_ops.s"),
    ];
}
