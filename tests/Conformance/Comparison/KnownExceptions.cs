namespace Relo.Conformance.Comparison;

/// <summary>
/// The only differences that are allowed: where Debian's libbpf 1.1 is not today's libbpf, which we follow. Each with the
/// commit that changed libbpf.
/// </summary>
public static class KnownExceptions
{
    /// <summary>Which exception explains that we refuse what libbpf 1.1 relocated, or null.</summary>
    public static string? ExplainRefusal(RecordPlace record)
    {
        // 5ca5801a (2026-04-09): negative indices in access strings are refused.
        if (record.Access.Contains('-', StringComparison.Ordinal)) return "5ca5801a";
        return null;
    }
}
