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
        // From the end, testing each third byte, because a run of three contains one of them. Each run of underscores is tested once,
        // so that no name takes longer than its length.
        for (var at = name.Length - 3; at > 0; at -= 3)
        {
            if (name[at] != (byte)'_') continue;
            var (start, end) = (at, at + 1);
            while (start > 0 && name[start - 1] == (byte)'_') start--;
            while (end < name.Length && name[end] == (byte)'_') end++;
            if (end - start == 3 && start > 0 && end < name.Length) return start;
            at = start;
        }
        return name.Length;
    }

    /// <summary>The essential part of <paramref name="name"/>.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> name) => name[..LengthOf(name)];
}
