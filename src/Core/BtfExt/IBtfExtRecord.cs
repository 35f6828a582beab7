namespace Relo.Core.BtfExt;

/// <summary>A record of a subsection of <c>.BTF.ext</c>.</summary>
internal interface IBtfExtRecord<T>
    where T : struct, IBtfExtRecord<T>
{
    /// <summary>Creates a record from its first four words; newer compilers may append others.</summary>
    static abstract T Of(uint a, uint b, uint c, uint d);
}
