namespace Relo.Conformance.Comparison;

/// <summary>A CO-RE record of an object and where in the file its instruction is.</summary>
/// <param name="Index">Index among all records.</param>
/// <param name="InGroup">Index among those of its section: libbpf's <c>relo #N</c>.</param>
/// <param name="InBtfExt">Byte offset of the record within <c>.BTF.ext</c>: the oracle's name for it.</param>
/// <param name="Section">Section it speaks of.</param>
/// <param name="InSection">Byte offset of the instruction within that section.</param>
/// <param name="InFile">Byte offset of the instruction within the file; null when the object has no such section.</param>
/// <param name="Kind">Kind of relocation, 0–12.</param>
/// <param name="Access">Access string.</param>
public sealed record RecordPlace(
    int Index, int InGroup, int InBtfExt, string Section, uint InSection, int? InFile, uint Kind, string Access);
