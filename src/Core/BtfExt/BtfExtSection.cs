namespace Relo.Core.BtfExt;

/// <summary>The records of a subsection that belong to one ELF section.</summary>
/// <param name="Name">Name of the ELF section.</param>
/// <param name="Records">Its records, in file order.</param>
public sealed record RecordGroup<T>(string Name, T[] Records);

/// <summary>What <c>.BTF.ext</c> holds.</summary>
/// <param name="Lines">Source lines by section.</param>
/// <param name="CoreRelos">CO-RE records by section, in file order.</param>
/// <param name="CoreHeaderOffset">Byte offset within <c>.BTF.ext</c> of core_relo_off and core_relo_len, or null when the header is too short to have them.</param>
/// <param name="HasOrphanedCoreRelos">Whether CO-RE records stand behind the subsections though the header names none: the mark of an object that was relocated already.</param>
public sealed record BtfExtSection(
    IReadOnlyList<RecordGroup<LineInfo>> Lines,
    IReadOnlyList<RecordGroup<CoreRelo>> CoreRelos,
    int? CoreHeaderOffset,
    bool HasOrphanedCoreRelos);
