using System.Text.RegularExpressions;

namespace Relo.Conformance.Running;

/// <summary>The running kernel's response to a program.</summary>
/// <param name="Error">errno, 0 for what loaded.</param>
/// <param name="Why">The verifier's or libbpf's line.</param>
public readonly partial record struct LoadResult(int Error, string Why)
{
    public bool Loads => Error == 0;

    /// <summary>
    /// The verifier came to an instruction that no kernel has: a call to a helper whose number is unknown, which is what
    /// libbpf and we make of an instruction without a target, or a call to an absent weak kernel function.
    /// </summary>
    public bool IsPoison => !Loads && Poison().IsMatch(Why);

    // check_helper_call and fixup_kfunc_call of kernel/bpf/verifier.c; libbpf replaces the first:
    // fixup_log_failed_core_relo
    [GeneratedRegex("invalid func unknown#|invalid CO-RE relocation|invalid kernel function call not eliminated")]
    private static partial Regex Poison();
}
