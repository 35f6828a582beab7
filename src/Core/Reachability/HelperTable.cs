using Relo.Core.Btf;

namespace Relo.Core.Reachability;

/// <summary>The helpers of a kernel: <c>enum bpf_func_id</c> in its BTF, backported ones included.</summary>
internal sealed class HelperTable
{
    // bpf_probe_read_{user,kernel}{,_str}: loaders replace them by bpf_probe_read{,_str} where they are absent (bpf_object__sanitize_prog
    // of libbpf).
    private const int FirstReplaced = 112;
    private const int LastReplaced = 115;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly long? _end;

    private HelperTable(BtfTypes kernel, BtfType? type)
    {
        for (var i = 0; type is { } table && i < table.Count; i++)
        {
            var helper = kernel.Enumerator(table, i);
            var name = kernel.NameText(helper.NameOffset);
            _names.Add(name);
            if (name == "__BPF_FUNC_MAX_ID") _end = unchecked((long)helper.Value);
        }
    }

    /// <summary>Whether the BTF lists helpers; it may be a part of a kernel's.</summary>
    public bool IsKnown => _end is not null;

    public static HelperTable Of(BtfTypes kernel) => new(kernel, Find(kernel, "bpf_func_id"u8));

    public bool Has(string name) => _names.Contains(name);

    /// <summary>Whether a call of the number is refused, whatever the type of the program.</summary>
    public bool Lacks(int number) => _end is { } end && (number < 0 || number >= end) && number is < FirstReplaced or > LastReplaced;

    private static BtfType? Find(BtfTypes kernel, ReadOnlySpan<byte> name)
    {
        var hash = NameIndex.Hash(name);
        foreach (var entry in kernel.Index.Bucket(hash))
            if (entry.Hash == hash && kernel[entry.Id] is { Kind: BtfKind.Enum } type && kernel.NameEquals(type.NameOffset, name))
                return type;
        return null;
    }
}
