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
        // Run by run of underscores, from the end: a separator is a run of just three with something on both sides.
        for (var end = name.Length; name[..end].LastIndexOf("___"u8) is > 0 and var at;)
        {
            var start = name[..at].LastIndexOfAnyExcept((byte)'_') + 1;
            if (start == at && start > 0 && at + 3 < end) return at;
            end = start;
        }
        return name.Length;
    }

    /// <summary>The essential part of <paramref name="name"/>.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> name) => name[..LengthOf(name)];
}
