using Relo.Core.Checks;
using Relo.Core.Report;

namespace Relo.Core.Compatibility;

/// <summary>Kernels on which an object has the same result, for a report for people.</summary>
/// <param name="Verdict">The verdict in lower case; <c>failed</c> if there is none.</param>
/// <param name="Kernels">Their ids.</param>
/// <param name="Missing">The accesses that do not exist on them.</param>
/// <param name="FieldChanges">What differs from the object's types.</param>
/// <param name="Checks">What else the object needs of them that is absent or changed.</param>
/// <param name="Failure">The reason why there is no verdict.</param>
public sealed record CheckedGroup(
    string Verdict, IReadOnlyList<string> Kernels, IReadOnlyList<MissingAccess> Missing, IReadOnlyList<FieldChange> FieldChanges,
    IReadOnlyList<Check> Checks, string? Failure);
