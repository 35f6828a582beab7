namespace Relo.Core.Btf;

/// <summary>A parameter of a function prototype.</summary>
public readonly record struct BtfParameter(uint NameOffset, uint TypeId);
