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
        for (var i = name.Length - 5; i >= 0; i--)
        {
            if (name[i] != '_' && name[i + 1] == '_' && name[i + 2] == '_' && name[i + 3] == '_' && name[i + 4] != '_') return i + 1;
        }
        return name.Length;
    }

    /// <summary>The essential part of <paramref name="name"/>.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> name) => name[..LengthOf(name)];
}
