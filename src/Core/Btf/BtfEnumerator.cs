namespace Relo.Core.Btf;

/// <summary>An enumerator of an enum or enum64.</summary>
/// <param name="NameOffset">Offset of its name.</param>
/// <param name="Value">Its value; 32-bit ones are sign-extended regardless of the kind flag, as in libbpf's relocation.</param>
public readonly record struct BtfEnumerator(uint NameOffset, ulong Value);
