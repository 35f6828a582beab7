namespace Relo.Core.Btf;

/// <summary>The common head of a type (struct btf_type): 12 bytes. What follows it is read through <see cref="BtfTypes"/>.</summary>
/// <param name="Id">Type id; 0 is void.</param>
/// <param name="NameOffset">Offset of its name among the strings; 0 is anonymous.</param>
/// <param name="Info">Kind flag, kind and element count.</param>
/// <param name="SizeOrType">Size in bytes or id of the type it refers to, by kind.</param>
public readonly record struct BtfType(uint Id, uint NameOffset, uint Info, uint SizeOrType)
{
    /// <summary>Bytes of the head.</summary>
    public const int HeadSize = 12;

    /// <summary>Kind. Bits 24–30: five of them are in use, the upper two are kept for kinds to come.</summary>
    public BtfKind Kind => (BtfKind)((Info >> 24) & 0x7f);

    /// <summary>Number of members, enumerators, parameters or variables. Bits 0–23, of which kernels before 2026 use 16.</summary>
    public int Count => (int)(Info & 0xffffff);

    /// <summary>
    /// Kind flag: members carry bit-field sizes; the enum is signed; the forward declaration is of a union; the tag's name is any attribute,
    /// <c>__attribute__((x))</c>, not the argument of btf_decl_tag or btf_type_tag.
    /// </summary>
    public bool KindFlag => Info >> 31 != 0;
}

/// <summary>A member of a struct or union (struct btf_member).</summary>
/// <param name="NameOffset">Offset of its name; 0 for an anonymous struct or union, whose members are searched.</param>
/// <param name="TypeId">Its type.</param>
/// <param name="BitOffset">Offset in bits within the struct.</param>
/// <param name="BitfieldBits">Width in bits of a bit-field; 0 for ordinary members.</param>
public readonly record struct BtfMember(uint NameOffset, uint TypeId, uint BitOffset, uint BitfieldBits)
{
    internal const int Size = 12;
}

/// <summary>An array (struct btf_array).</summary>
/// <param name="ElementTypeId">Type of the elements.</param>
/// <param name="IndexTypeId">Type of the index.</param>
/// <param name="Length">Number of elements; 0 also for flexible arrays.</param>
public readonly record struct BtfArray(uint ElementTypeId, uint IndexTypeId, uint Length);

/// <summary>An enumerator of an enum or enum64.</summary>
/// <param name="NameOffset">Offset of its name.</param>
/// <param name="Value">Its value; 32-bit ones are sign-extended whatever the kind flag says, as libbpf does when it relocates.</param>
public readonly record struct BtfEnumerator(uint NameOffset, ulong Value);

/// <summary>A parameter of a function prototype.</summary>
public readonly record struct BtfParameter(uint NameOffset, uint TypeId);

/// <summary>The word behind an integer's head.</summary>
/// <param name="Raw">Encoding (bits 24–27), bit offset (16–23), width in bits (0–7).</param>
public readonly record struct BtfInt(uint Raw)
{
    /// <summary>Encoding value of a plain signed integer.</summary>
    public const uint SignedEncoding = 1;

    /// <summary>BTF_INT_SIGNED 1, BTF_INT_CHAR 2, BTF_INT_BOOL 4.</summary>
    public uint Encoding => (Raw & 0x0f000000) >> 24;

    /// <summary>Bit offset, of the deprecated bit-field integers.</summary>
    public uint BitOffset => (Raw & 0x00ff0000) >> 16;

    /// <summary>Whether the signed bit is set.</summary>
    public bool IsSigned => (Encoding & SignedEncoding) != 0;
}
