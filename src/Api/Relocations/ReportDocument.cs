using Relo.Archive.Kernels;
using Relo.Core.Checks;
using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>The report of a relocation as it is sent, with the members that only the service knows.</summary>
internal sealed record ReportDocument(
    ObjectSection Object,
    Kernel Kernel,
    PatchedSection Patched,
    Verdict Verdict,
    IReadOnlyList<string> Assumes,
    RelocationSummary Summary,
    IReadOnlyList<FieldChange> FieldChanges,
    IReadOnlyList<RelocationEntry> Relocations,
    IReadOnlyList<Check> Checks,
    IEnumerable<ReportWarning> Warnings)
{
    /// <summary>The document of a relocation.</summary>
    /// <param name="made">The relocation.</param>
    /// <param name="name">Name of the object, if it has one.</param>
    /// <param name="withObject">Whether to include the patched object.</param>
    public static ReportDocument Of(MadeRelocation made, string? name, bool withObject = false)
    {
        var (report, bytes) = (made.Report, made.PatchedBytes);
        return new ReportDocument(
            ObjectSection.Of(report.Object, name),
            made.ReportedKernel,
            new PatchedSection(made.PatchedDigest, bytes.Length, made.Addresses?.Patched,
                withObject ? Convert.ToBase64String(bytes.Span) : null),
            report.Verdict, report.Assumes, report.Summary, report.FieldChanges, report.Relocations,
            report.Checks, report.Warnings);
    }
}
