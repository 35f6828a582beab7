using Relo.Core.Btf;

namespace Relo.Core.Reachability;

/// <summary>The helpers of a kernel: <c>enum bpf_func_id</c> in its BTF, backported ones included.</summary>
internal readonly struct HelperTable
{
    // bpf_probe_read_{user,kernel}{,_str}: loaders replace them with bpf_probe_read{,_str} if the kernel lacks them
    // (bpf_object__sanitize_prog of libbpf).
    private const int FirstReplaced = 112;
    private const int LastReplaced = 115;

    private readonly BtfTypes _kernel;
    private readonly BtfType? _table;
    private readonly long? _end;

    private HelperTable(BtfTypes kernel, BtfType? table)
    {
        (_kernel, _table) = (kernel, table);
        _end = unchecked((long?)Find("__BPF_FUNC_MAX_ID"u8)?.Value);
    }

    /// <summary>Whether the BTF lists helpers; partial BTF may not.</summary>
    public bool IsKnown => _end is not null;

    public static HelperTable Of(BtfTypes kernel) => new(kernel, kernel.Find(BtfKind.Enum, "bpf_func_id"u8));

    public bool Has(ReadOnlySpan<byte> name) => Find(name) is not null;

    /// <summary>Whether loaders replace a helper of this number that the kernel lacks.</summary>
    public static bool IsReplaced(int number) => number is >= FirstReplaced and <= LastReplaced;

    /// <summary>Whether the verifier refuses a call of this number for every program type.</summary>
    public bool Lacks(int number) => _end is { } end && (number < 0 || number >= end) && !IsReplaced(number);

    // Compared in place: a hostile BTF may list millions of long names.
    private BtfEnumerator? Find(ReadOnlySpan<byte> name)
    {
        if (_table is not { } table) return null;
        for (var i = 0; i < table.Count; i++)
            if (_kernel.Enumerator(table, i) is var helper && _kernel.NameEquals(helper.NameOffset, name)) return helper;
        return null;
    }
}
