namespace Relo.Core.Btf;

/// <summary>An enumerator of an enum or enum64.</summary>
/// <param name="NameOffset">Offset of its name.</param>
/// <param name="Value">Its value; 32-bit ones are sign-extended whatever the kind flag says, as libbpf does when it relocates.</param>
public readonly record struct BtfEnumerator(uint NameOffset, ulong Value);
