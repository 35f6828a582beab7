namespace Relo.Core.Btf;

/// <summary>An array (struct btf_array).</summary>
/// <param name="ElementTypeId">Type of the elements.</param>
/// <param name="IndexTypeId">Type of the index.</param>
/// <param name="Length">Number of elements; 0 for flexible arrays too.</param>
public readonly record struct BtfArray(uint ElementTypeId, uint IndexTypeId, uint Length);
