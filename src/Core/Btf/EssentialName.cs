namespace Relo.Core.Btf;

/// <summary>
/// The part of a name that counts in CO-RE: everything before the flavour suffix, <c>task_struct___v2</c> → <c>task_struct</c>.
/// </summary>
public static class EssentialName
{
    // libbpf cuts at the last "X___Y" where neither X nor Y is an underscore (bpf_core_essential_name_len,
    // bpf_core_is_flavor_sep); cilium/ebpf does not look at the neighbours and aya cuts at the first. We follow libbpf.

    /// <summary>Length in bytes of the essential part of <paramref name="name"/> (without a NUL).</summary>
    public static int LengthOf(ReadOnlySpan<byte> name)
    {
        var separator = "___"u8;
        // Names that have one are rare, so it is searched for in one call.
        for (var at = name.LastIndexOf(separator); at > 0; at = name[..(at + separator.Length - 1)].LastIndexOf(separator))
        {
            var behind = at + separator.Length;
            if (behind < name.Length && name[at - 1] != '_' && name[behind] != '_') return at;
        }
        return name.Length;
    }

    /// <summary>The essential part of <paramref name="name"/>.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> name) => name[..LengthOf(name)];
}
