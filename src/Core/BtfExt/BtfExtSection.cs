namespace Relo.Core.BtfExt;

/// <summary>The contents of <c>.BTF.ext</c>.</summary>
/// <param name="Lines">Source lines by section.</param>
/// <param name="CoreRelos">CO-RE records by section, in file order.</param>
/// <param name="CoreHeaderOffset">Byte offset within <c>.BTF.ext</c> of core_relo_off and core_relo_len, or null if the header is too short
/// to have them.</param>
/// <param name="HasOrphanedCoreRelos">Whether CO-RE records follow the subsections although the header declares none: the mark of an object
/// that was already relocated.</param>
public sealed record BtfExtSection(
    IReadOnlyList<RecordGroup<LineInfo>> Lines,
    IReadOnlyList<RecordGroup<CoreRelo>> CoreRelos,
    int? CoreHeaderOffset,
    bool HasOrphanedCoreRelos);
