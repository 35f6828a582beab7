using Relo.Core.Btf;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>
/// A <see cref="Resolution"/> as a report shows it. It does not reference the kernel's BTF, so the kernel may be closed before the report
/// is printed. Records with the same resolution share it.
/// </summary>
/// <param name="Miss">The reason why there is no target.</param>
/// <param name="LocalValue">The value in the object.</param>
/// <param name="TargetValue">The value on the kernel.</param>
/// <param name="LocalSize">Bytes of the field in the object.</param>
/// <param name="TargetSize">Bytes of the field in the kernel.</param>
/// <param name="Target">The access in the kernel's types, or null.</param>
/// <param name="IsTargetSigned">Whether the field is signed in the kernel; null without a target.</param>
/// <param name="Module">The kernel module of the target's type; null for the kernel itself.</param>
/// <param name="Candidates">The candidates, if there was a choice or none matched.</param>
internal sealed record ReportedResolution(
    Miss Miss, ulong LocalValue, ulong TargetValue, uint LocalSize, uint TargetSize,
    string? Target, bool? IsTargetSigned, string? Module, IReadOnlyList<string>? Candidates)
{
    /// <summary>Characters of its texts in one entry of the report.</summary>
    public int Characters { get; } = (Target?.Length ?? 0) + (Candidates?.Sum(candidate => candidate.Length) ?? 0);

    public static ReportedResolution Of(Relocated relocated, Resolution resolution)
    {
        var target = resolution.Target;
        return new(
            resolution.Miss, resolution.LocalValue, resolution.TargetValue, resolution.LocalSize, resolution.TargetSize,
            target?.Text, target is null ? null : FieldPlace.Of(target).IsSigned,
            // The id of a local type is the object's own, and so in no module.
            target is null ? null : relocated.ModuleOf(target.Types),
            CandidatesOf(relocated, resolution));
    }

    private static string[]? CandidatesOf(Relocated relocated, Resolution resolution)
    {
        if (resolution.Considered.Count == 0 || resolution.Considered is [{ Matched: true }]) return null;
        return [.. resolution.Considered.Select(considered =>
        {
            var (types, id) = considered.Candidate;
            var type = types[id];
            var place = relocated.ModuleOf(types) is { } module ? $" in {module}" : "";
            var match = considered.Matched ? "matching" : "non-matching";
            return $"[{type.Id}] {type.Kind.LibbpfName()} {types.NameText(type.NameOffset)}{place}: {match}";
        })];
    }
}
