namespace Relo.Core.BtfExt;

/// <summary>A record of a subsection of <c>.BTF.ext</c>.</summary>
internal interface IBtfExtRecord<T>
    where T : struct, IBtfExtRecord<T>
{
    /// <summary>A record of its first four words, which are all that is known here: newer compilers append others.</summary>
    static abstract T Of(uint a, uint b, uint c, uint d);
}
