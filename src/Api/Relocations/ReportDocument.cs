using System.Text.Json.Serialization;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;
using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>The report as it is sent: what the relocation says, what only the service knows, in the order of the contract.</summary>
internal sealed record ReportDocument(
    ObjectSection Object,
    Kernel Kernel,
    PatchedSection Patched,
    Verdict Verdict,
    IReadOnlyList<string> Assumes,
    RelocationSummary Summary,
    IReadOnlyList<FieldChange> FieldChanges,
    IReadOnlyList<RelocationEntry> Relocations,
    IEnumerable<ReportWarning> Warnings)
{
    /// <summary>The document of a relocation.</summary>
    /// <param name="made">The relocation.</param>
    /// <param name="name">Name of the object, where there is one.</param>
    /// <param name="withObject">Whether to include the patched object.</param>
    public static ReportDocument Of(MadeRelocation made, string? name, bool withObject = false)
    {
        var (report, bytes) = (made.Report, made.Patched);
        return new ReportDocument(
            ObjectSection.Of(report.Object, name),
            made.ReportedKernel,
            new PatchedSection(made.PatchedDigest, bytes.Length, made.Addresses?.Patched, withObject ? Convert.ToBase64String(bytes.Span) : null),
            report.Verdict, report.Assumes, report.Summary, report.FieldChanges, report.Relocations, report.Warnings);
    }
}

/// <summary>The object as it came.</summary>
internal sealed record ObjectSection(string Sha256, long SizeBytes, string? Name, string ByteOrder, string? License, IReadOnlyList<ProgramReport> Programs)
{
    /// <summary>With the name in the request, if there is one.</summary>
    public static ObjectSection Of(ObjectReport described, string? name)
        => new(described.Sha256, described.SizeBytes, name, described.ByteOrder, described.License, described.Programs);
}

/// <summary>The object to load.</summary>
/// <param name="Sha256">Its digest.</param>
/// <param name="SizeBytes">Its size, which is the size of the original.</param>
/// <param name="Url">Where it is, as long as the original is kept; null where a module's type was needed, which the address does not name.</param>
/// <param name="Base64">The object itself, on demand.</param>
internal sealed record PatchedSection(
    Digest Sha256, long SizeBytes, string? Url,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Base64);
