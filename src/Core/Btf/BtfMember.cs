namespace Relo.Core.Btf;

/// <summary>A member of a struct or union (struct btf_member).</summary>
/// <param name="NameOffset">Offset of its name; 0 for an anonymous struct or union.</param>
/// <param name="TypeId">Its type.</param>
/// <param name="BitOffset">Offset in bits within the struct.</param>
/// <param name="BitfieldBits">Width in bits of a bit-field; 0 for ordinary members.</param>
public readonly record struct BtfMember(uint NameOffset, uint TypeId, uint BitOffset, uint BitfieldBits);
