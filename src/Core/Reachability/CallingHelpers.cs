namespace Relo.Core.Reachability;

/// <summary>Helpers that call a function of the object before they return, and the context they hand to it (set_loop_callback_state and others of the verifier).</summary>
internal static class CallingHelpers
{
    /// <summary>The helper's register that holds the function, the one that holds the context, and the function's register that receives it.</summary>
    public static (int Function, int Context, int Receives)? Find(int helper) => helper switch
    {
        164 => (2, 3, 4), // bpf_for_each_map_elem(map, function, context, flags): function(map, key, value, context)
        180 => (3, 4, 3), // bpf_find_vma(task, address, function, context, flags): function(task, vma, context)
        181 => (2, 3, 2), // bpf_loop(count, function, context, flags): function(index, context)
        209 => (2, 3, 2), // bpf_user_ringbuf_drain(map, function, context, flags): function(sample, context)
        _ => null,
    };
}
