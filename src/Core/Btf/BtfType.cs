namespace Relo.Core.Btf;

/// <summary>The common head of a type (struct btf_type): 12 bytes. The words after it are read through <see cref="BtfTypes"/>.</summary>
/// <param name="Id">Type id; 0 is void.</param>
/// <param name="NameOffset">Offset of its name among the strings; 0 is anonymous.</param>
/// <param name="Info">Kind flag, kind and element count.</param>
/// <param name="SizeOrType">Size in bytes or id of the type it refers to, by kind.</param>
public readonly record struct BtfType(uint Id, uint NameOffset, uint Info, uint SizeOrType)
{
    /// <summary>Kind. Bits 24–30: five of them are in use, the upper two are reserved for new kinds.</summary>
    public BtfKind Kind => (BtfKind)((Info >> 24) & 0x7f);

    /// <summary>Number of members, enumerators, parameters or variables. Bits 0–23, of which kernels before 2026 use 16.</summary>
    public int Count => (int)(Info & 0xffffff);

    /// <summary>
    /// Kind flag: members have bit-field sizes; the enum is signed; the forward declaration is of a union; the tag is an arbitrary
    /// attribute, <c>__attribute__((x))</c>, rather than the argument of btf_decl_tag or btf_type_tag.
    /// </summary>
    public bool KindFlag => Info >> 31 != 0;
}
