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
    /// <param name="included">Optional content.</param>
    public static ReportDocument Of(CompletedRelocation made, string? name, IReadOnlySet<Included>? included = null)
    {
        var (report, bytes) = (made.Report, made.PatchedBytes);
        return new ReportDocument(
            ObjectSection.Of(Has(Included.Disassembly) ? report.Disassembled(bytes) : report.Object, name),
            made.ReportedKernel,
            new PatchedSection(made.PatchedDigest, bytes.Length, made.Addresses?.Patched,
                Has(Included.Object) ? Convert.ToBase64String(bytes.Span) : null),
            report.Verdict, report.Assumes, report.Summary, report.FieldChanges, report.Relocations,
            report.Checks, report.Warnings);

        bool Has(Included content) => included?.Contains(content) == true;
    }
}
