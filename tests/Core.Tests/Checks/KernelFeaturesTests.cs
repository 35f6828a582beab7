using Relo.Core.Btf;
using Relo.Core.Checks;

namespace Relo.Core.Tests.Checks;

/// <summary>What a kernel's BTF shows of its features.</summary>
public class KernelFeaturesTests
{
    [Fact]
    public void Features_are_found_by_the_names_of_types_and_functions()
    {
        var features = KernelFeatures.Of(Kernel(), TestContext.Current.CancellationToken);
        Assert.Equal([new Feature("bpf_spin_lock", "enum bpf_func_id: BPF_FUNC_spin_lock = 93", "5.1")], features.Helpers);
        Assert.Equal([new Feature("file_open", "FUNC bpf_lsm_file_open")], features.LsmHooks);
        Assert.Equal([new Feature("tcp_congestion_ops", "struct bpf_struct_ops_tcp_congestion_ops")], features.StructOps);
        Assert.Equal([new Feature("sched_switch", "typedef btf_trace_sched_switch")], features.Tracepoints);
    }

    [Fact]
    public void A_cancelled_call_reads_no_features() =>
        Assert.Throws<OperationCanceledException>(() => KernelFeatures.Of(Kernel(), new CancellationToken(canceled: true)));

    private static BtfTypes Kernel()
    {
        var types = new BtfWriter();
        types.Helpers(("BPF_FUNC_unspec", 0), ("BPF_FUNC_spin_lock", 93), ("__BPF_FUNC_MAX_ID", 94));
        types.Union("security_list_options", 8, new BtfWriter.Member("file_open", types.Ptr(0), 0));
        types.Function("bpf_lsm_file_open");
        types.Function("bpf_lsm_no_hook");
        types.Tracepoint("sched_switch");
        var operations = types.Struct("tcp_congestion_ops", 8);
        types.Struct("bpf_struct_ops_tcp_congestion_ops", 8, new BtfWriter.Member("data", operations, 0));
        types.Struct("bpf_struct_ops_common_value", 8, new BtfWriter.Member("state", types.Ptr(0), 0));
        return BtfReader.Read(types.ToBytes());
    }
}
