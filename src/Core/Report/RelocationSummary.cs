namespace Relo.Core.Report;

/// <summary>Counts.</summary>
/// <param name="Relocations">CO-RE records in the object.</param>
/// <param name="Changed">Records whose instruction was rewritten.</param>
/// <param name="Unchanged">Records whose instruction was already right.</param>
/// <param name="Poisoned">Records whose instruction was poisoned.</param>
/// <param name="PoisonedReachable">Records whose poisoned instruction can be reached in programs that are loaded by default.</param>
/// <param name="FieldsMoved">Fields whose offset differs.</param>
/// <param name="Absent">Checks of needs that are absent and not optional.</param>
public sealed record RelocationSummary(
    int Relocations, int Changed, int Unchanged, int Poisoned, int PoisonedReachable, int FieldsMoved, int Absent);
