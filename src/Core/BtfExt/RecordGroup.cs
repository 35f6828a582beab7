namespace Relo.Core.BtfExt;

/// <summary>The records of a subsection that belong to one ELF section.</summary>
/// <param name="Name">Name of the ELF section.</param>
/// <param name="Records">Its records, in file order.</param>
public sealed record RecordGroup<T>(string Name, T[] Records);
