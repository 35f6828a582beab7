namespace Relo.Core.Reachability;

/// <summary>
/// The effects of some helpers, from their prototypes in the kernel (struct bpf_func_proto). All other helpers are assumed to write to
/// any argument.
/// </summary>
internal static class Helpers
{
    private const int CurrentTask = 158; // get_current_task_btf
    private const int Loop = 181;

    // ktime_get_ns, get_prandom_u32, get_smp_processor_id, get_current_pid_tgid, get_current_uid_gid, get_current_task, get_numa_node_id,
    // get_current_cgroup_id, jiffies64, ktime_get_boot_ns, get_current_task_btf, ktime_get_coarse_ns, ktime_get_tai_ns
    private static readonly HashSet<int> WithoutArguments = [5, 7, 8, 14, 15, 35, 42, 80, 118, 125, 158, 160, 208];

    // probe_read, get_current_comm, probe_read_str, probe_read_{user,kernel}, probe_read_{user,kernel}_str: (destination, size, ...)
    private static readonly HashSet<int> WithBuffer = [4, 16, 45, 112, 113, 114, 115];

    /// <summary>Whether the helper has no arguments, so that old values in the argument registers do not matter.</summary>
    public static bool TakesNothing(int helper) => WithoutArguments.Contains(helper);

    /// <summary>Whether the helper writes only to its first argument, with the length in its second.</summary>
    public static bool WritesFirstArgument(int helper) => WithBuffer.Contains(helper);

    /// <summary>Whether the result is a number that reveals nothing about an address.</summary>
    public static bool ReturnsNumber(int helper) =>
        helper != CurrentTask && (WithoutArguments.Contains(helper) || WithBuffer.Contains(helper));

    /// <summary>
    /// For helpers that call a function of the object before they return: the register with the function, the register with the context,
    /// and the function's register that receives the context (set_loop_callback_state and others of the verifier).
    /// </summary>
    public static (int Function, int Context, int Receives)? FindCalling(int helper) => helper switch
    {
        164 => (2, 3, 4), // for_each_map_elem(map, function, context, flags): function(map, key, value, context)
        180 => (3, 4, 3), // find_vma(task, address, function, context, flags): function(task, vma, context)
        Loop => (2, 3, 2), // loop(count, function, context, flags): function(index, context)
        209 => (2, 3, 2), // user_ringbuf_drain(map, function, context, flags): function(sample, context)
        _ => null,
    };

    /// <summary>
    /// Whether the verifier knows that a loop has no iterations
    /// ("bpf: verify callbacks as if they are called unknown number of times", 6.7).
    /// </summary>
    public static bool CallsNothing(int helper, Frame frame, VerifierKnowledge verifier) =>
        helper == Loop && verifier.EmptyLoops && frame[1] is { Kind: ValueKind.Constant, Number: 0 };
}
