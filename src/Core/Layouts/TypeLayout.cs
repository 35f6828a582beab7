namespace Relo.Core.Layouts;

/// <summary>A type as the compiler laid it out in memory.</summary>
/// <param name="Kind"><c>struct</c>, <c>union</c>, <c>enum</c>, <c>typedef</c>, <c>int</c>, <c>float</c>, <c>func</c>, <c>var</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Declaration">For a function, variable or typedef: its C declaration.</param>
/// <param name="SizeBytes">Its size; null for a function or an incomplete type.</param>
/// <param name="Members">Of a struct or union, in order.</param>
/// <param name="Holes">Unused bytes between members of a struct, nested anonymous ones included.</param>
/// <param name="PaddingBytes">Unused bytes at the end of a struct.</param>
/// <param name="Enumerators">Of an enum, in order.</param>
public sealed record TypeLayout(
    string Kind, string Name, string? Declaration, long? SizeBytes, IReadOnlyList<MemberLayout>? Members = null,
    IReadOnlyList<LayoutHole>? Holes = null, long? PaddingBytes = null, IReadOnlyList<EnumeratorValue>? Enumerators = null);

/// <summary>A member of a struct or union.</summary>
/// <param name="Name">Its name; null for an anonymous struct or union, whose members are accessed as those of the outer one.</param>
/// <param name="Type">Its C type.</param>
/// <param name="OffsetBytes">From the start of the outermost type. Of a bit-field: of the unit that it is read with.</param>
/// <param name="SizeBytes">Its size; 0 for a flexible array.</param>
/// <param name="BitOffset">
/// Of a bit-field: its first bit, counted within the unit in memory order, on big-endian kernels from the top.
/// </param>
/// <param name="BitSize">Of a bit-field: its width.</param>
/// <param name="Members">The members of a member whose type is anonymous.</param>
public sealed record MemberLayout(
    string? Name, string Type, long OffsetBytes, long SizeBytes, int? BitOffset = null, int? BitSize = null,
    IReadOnlyList<MemberLayout>? Members = null);

/// <summary>Bytes between two members that nothing uses.</summary>
/// <param name="OffsetBytes">From the start of the outermost type.</param>
/// <param name="SizeBytes">Their number; bits that a bit-field leaves are not counted.</param>
public sealed record LayoutHole(long OffsetBytes, long SizeBytes);

/// <summary>A constant of an enum.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, in decimal: a 64-bit value does not fit in a JSON number everywhere.</param>
public sealed record EnumeratorValue(string Name, string Value);
