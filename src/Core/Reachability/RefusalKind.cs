namespace Relo.Core.Reachability;

/// <summary>Why the verifier refuses an instruction when it reaches it.</summary>
public enum RefusalKind
{
    /// <summary>A record without a target: libbpf and this service replace its instruction by <c>call 195896080</c>.</summary>
    PoisonedRecord,

    /// <summary>The same call without a record: <c>bpf_core_unreachable()</c>, which the compiler inserts if no variant applies.</summary>
    PoisonedCall,

    /// <summary>A call of a weak kernel function that this kernel lacks (POISON_CALL_KFUNC_BASE of libbpf).</summary>
    AbsentKfunc,

    /// <summary>A helper whose number this kernel does not know (get_helper_proto of the verifier).</summary>
    UnknownHelper,
}
