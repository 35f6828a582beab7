namespace Relo.Core.Checks;

/// <summary>The attach types that section names stand for (libbpf.c: section_defs), by their names in enum bpf_attach_type.</summary>
internal static class AttachTypes
{
    private static readonly Dictionary<string, string> ByName = new(StringComparer.Ordinal)
    {
        ["tp_btf"] = "BPF_TRACE_RAW_TP",
        ["tp_btf.s"] = "BPF_TRACE_RAW_TP",
        ["fentry"] = "BPF_TRACE_FENTRY",
        ["fentry.s"] = "BPF_TRACE_FENTRY",
        ["fexit"] = "BPF_TRACE_FEXIT",
        ["fexit.s"] = "BPF_TRACE_FEXIT",
        ["fmod_ret"] = "BPF_MODIFY_RETURN",
        ["fmod_ret.s"] = "BPF_MODIFY_RETURN",
        ["fsession"] = "BPF_TRACE_FSESSION",
        ["fsession.s"] = "BPF_TRACE_FSESSION",
        ["iter"] = "BPF_TRACE_ITER",
        ["iter.s"] = "BPF_TRACE_ITER",
        ["lsm"] = "BPF_LSM_MAC",
        ["lsm.s"] = "BPF_LSM_MAC",
        ["lsm_cgroup"] = "BPF_LSM_CGROUP",
        ["kprobe.multi"] = "BPF_TRACE_KPROBE_MULTI",
        ["kretprobe.multi"] = "BPF_TRACE_KPROBE_MULTI",
        ["kprobe.session"] = "BPF_TRACE_KPROBE_SESSION",
        ["uprobe.multi"] = "BPF_TRACE_UPROBE_MULTI",
        ["uprobe.multi.s"] = "BPF_TRACE_UPROBE_MULTI",
        ["uretprobe.multi"] = "BPF_TRACE_UPROBE_MULTI",
        ["uretprobe.multi.s"] = "BPF_TRACE_UPROBE_MULTI",
        ["uprobe.session"] = "BPF_TRACE_UPROBE_SESSION",
        ["uprobe.session.s"] = "BPF_TRACE_UPROBE_SESSION",
        ["tcx/ingress"] = "BPF_TCX_INGRESS",
        ["tcx/egress"] = "BPF_TCX_EGRESS",
        ["netkit/primary"] = "BPF_NETKIT_PRIMARY",
        ["netkit/peer"] = "BPF_NETKIT_PEER",
        ["xdp/devmap"] = "BPF_XDP_DEVMAP",
        ["xdp.frags/devmap"] = "BPF_XDP_DEVMAP",
        ["xdp/cpumap"] = "BPF_XDP_CPUMAP",
        ["xdp.frags/cpumap"] = "BPF_XDP_CPUMAP",
        ["sk_skb/stream_parser"] = "BPF_SK_SKB_STREAM_PARSER",
        ["sk_skb/stream_verdict"] = "BPF_SK_SKB_STREAM_VERDICT",
        ["sk_skb/verdict"] = "BPF_SK_SKB_VERDICT",
        ["sk_msg"] = "BPF_SK_MSG_VERDICT",
        ["sk_reuseport/migrate"] = "BPF_SK_REUSEPORT_SELECT_OR_MIGRATE",
        ["sk_lookup"] = "BPF_SK_LOOKUP",
        ["netfilter"] = "BPF_NETFILTER",
        ["flow_dissector"] = "BPF_FLOW_DISSECTOR",
        ["lirc_mode2"] = "BPF_LIRC_MODE2",
        ["sockops"] = "BPF_CGROUP_SOCK_OPS",
        ["cgroup_skb/ingress"] = "BPF_CGROUP_INET_INGRESS",
        ["cgroup_skb/egress"] = "BPF_CGROUP_INET_EGRESS",
        ["cgroup/sock"] = "BPF_CGROUP_INET_SOCK_CREATE",
        ["cgroup/sock_create"] = "BPF_CGROUP_INET_SOCK_CREATE",
        ["cgroup/sock_release"] = "BPF_CGROUP_INET_SOCK_RELEASE",
        ["cgroup/post_bind4"] = "BPF_CGROUP_INET4_POST_BIND",
        ["cgroup/post_bind6"] = "BPF_CGROUP_INET6_POST_BIND",
        ["cgroup/bind4"] = "BPF_CGROUP_INET4_BIND",
        ["cgroup/bind6"] = "BPF_CGROUP_INET6_BIND",
        ["cgroup/connect4"] = "BPF_CGROUP_INET4_CONNECT",
        ["cgroup/connect6"] = "BPF_CGROUP_INET6_CONNECT",
        ["cgroup/connect_unix"] = "BPF_CGROUP_UNIX_CONNECT",
        ["cgroup/sendmsg4"] = "BPF_CGROUP_UDP4_SENDMSG",
        ["cgroup/sendmsg6"] = "BPF_CGROUP_UDP6_SENDMSG",
        ["cgroup/sendmsg_unix"] = "BPF_CGROUP_UNIX_SENDMSG",
        ["cgroup/recvmsg4"] = "BPF_CGROUP_UDP4_RECVMSG",
        ["cgroup/recvmsg6"] = "BPF_CGROUP_UDP6_RECVMSG",
        ["cgroup/recvmsg_unix"] = "BPF_CGROUP_UNIX_RECVMSG",
        ["cgroup/getpeername4"] = "BPF_CGROUP_INET4_GETPEERNAME",
        ["cgroup/getpeername6"] = "BPF_CGROUP_INET6_GETPEERNAME",
        ["cgroup/getpeername_unix"] = "BPF_CGROUP_UNIX_GETPEERNAME",
        ["cgroup/getsockname4"] = "BPF_CGROUP_INET4_GETSOCKNAME",
        ["cgroup/getsockname6"] = "BPF_CGROUP_INET6_GETSOCKNAME",
        ["cgroup/getsockname_unix"] = "BPF_CGROUP_UNIX_GETSOCKNAME",
        ["cgroup/sysctl"] = "BPF_CGROUP_SYSCTL",
        ["cgroup/dev"] = "BPF_CGROUP_DEVICE",
        ["cgroup/getsockopt"] = "BPF_CGROUP_GETSOCKOPT",
        ["cgroup/setsockopt"] = "BPF_CGROUP_SETSOCKOPT",
    };

    /// <summary>The attach type of a section; null where it has none, or any kernel with the program type has it.</summary>
    public static string? Find(string section)
    {
        var name = section.TrimStart('?');
        if (ByName.TryGetValue(name, out var whole)) return whole;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? null : ByName.GetValueOrDefault(name[..slash]);
    }
}
