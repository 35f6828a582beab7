using Relo.Core.Objects;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.Report;

/// <summary>libbpf.c: section_defs, sec_def_matches, prog_needs_vmlinux_btf.</summary>
public sealed class ProgramTypesTests
{
    [Theory]
    [InlineData("kprobe/do_unlinkat", "kprobe")]
    [InlineData("kretprobe", "kprobe")]
    [InlineData("uprobe.multi.s//proc/self/exe:f", "kprobe")]
    [InlineData("usdt", "kprobe")]
    [InlineData("tp/sched/sched_switch", "tracepoint")]
    [InlineData("raw_tp/sched_switch", "raw-tracepoint")]
    [InlineData("raw_tp.w/x", "raw-tracepoint-writable")]
    [InlineData("xdp", "xdp")]
    [InlineData("xdp.frags/devmap", "xdp")]
    [InlineData("tc", "sched-cls")]
    [InlineData("tcx/egress", "sched-cls")]
    [InlineData("cgroup/connect4", "cgroup-sock-addr")]
    [InlineData("freplace/handler", "ext")]
    [InlineData("socket", "socket-filter")]
    [InlineData("sk_skb/verdict", "sk-skb")]
    [InlineData("tp.s/sched/sched_switch", "tracepoint")]
    [InlineData("tracepoint.s/sched/sched_switch", "tracepoint")]
    [InlineData("raw_tp.s/sched_switch", "raw-tracepoint")]
    [InlineData("raw_tracepoint.s", "raw-tracepoint")]
    public void Program_that_needs_no_kernel_btf(string section, string type) =>
        Assert.Equal(new ProgramType(type, NeedsKernelBtf: false), ProgramTypes.Find(section));

    [Theory]
    [InlineData("tp_btf/sched_switch", "tracing")]
    [InlineData("fentry/vfs_read", "tracing")]
    [InlineData("fexit.s/vfs_read", "tracing")]
    [InlineData("fmod_ret/bpf_modify_return_test", "tracing")]
    [InlineData("fsession/vfs_read", "tracing")]
    [InlineData("iter/task", "tracing")]
    [InlineData("tp_btf.s/sched_switch", "tracing")]
    [InlineData("fentry.multi", "tracing")]
    [InlineData("fentry.multi.s/vfs_*", "tracing")]
    [InlineData("fexit.multi/vfs_*", "tracing")]
    [InlineData("fexit.multi.s", "tracing")]
    [InlineData("fsession.multi/vfs_*", "tracing")]
    [InlineData("fsession.multi.s/vfs_*", "tracing")]
    [InlineData("lsm/file_open", "lsm")]
    [InlineData("lsm_cgroup/socket_bind", "lsm")]
    [InlineData("struct_ops/bpf_cubic_init", "struct-ops")]
    [InlineData("struct_ops.s", "struct-ops")]
    public void Program_attached_through_kernel_btf(string section, string type) =>
        Assert.Equal(new ProgramType(type, NeedsKernelBtf: true), ProgramTypes.Find(section));

    [Theory]
    [InlineData("kprobes/x")] // a stem ends at "/" or at the end
    [InlineData("kprobe.x")]
    [InlineData("xdp/main")] // since libbpf 1.0 a whole name matches to its end
    [InlineData("xdp_main")]
    [InlineData("tc/ingress/x")]
    [InlineData("sk_skb/verdict/x")]
    [InlineData("fmod_ret.multi/x")] // only entry, exit and session come in many
    [InlineData("cgroup_skb")]
    [InlineData("XDP")]
    [InlineData(".text")]
    [InlineData("??kprobe")]
    [InlineData("?")]
    [InlineData("/")]
    [InlineData("")]
    public void Unknown_is_unknown(string section) =>
        Assert.Equal(new ProgramType("unknown", NeedsKernelBtf: false), ProgramTypes.Find(section));

    [Theory]
    [InlineData("?kprobe/x", "kprobe")]
    [InlineData("?xdp", "xdp")]
    public void Question_mark_only_turns_automatic_loading_off(string section, string type) =>
        Assert.Equal(type, ProgramTypes.Find(section).Name);

    [Fact]
    public void Every_program_section_of_libbpf_tools_is_known()
    {
        Assert.SkipWhen(LibbpfTools.Objects.Count == 0, "libbpf-tools is not installed");
        var sections = LibbpfTools.Objects.SelectMany(o => LibbpfTools.CodeSections(o.Bytes)).Where(s => s != ".text").Distinct().ToArray();
        Assert.True(sections.Length > 100, $"only {sections.Length} sections");
        Assert.DoesNotContain(sections, s => ProgramTypes.Find(s).Name == "unknown");
    }
}
