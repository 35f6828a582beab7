using Relo.Api.Http.Answers;
using Relo.Api.Http.Bodies;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Relocations;

/// <summary>Checks a report's size before anything is sent.</summary>
internal static class ReportBody
{
    // A lower bound of an entry's JSON without its texts: names of members, numbers, instructions.
    private const int LeastBytesPerEntry = 250;

    /// <summary>The report, measured. Takes its share of the memory for reports and sets the Link to the next page.</summary>
    /// <exception cref="RefusedException">It is too large for one response, or other reports hold the memory.</exception>
    public static async Task<StreamedBody> MeasureAsync(HttpContext http, CompletedRelocation made, string? name, ReportParts parts)
    {
        var document = Admit(http, made, name, parts);
        if (made.Addresses?.Report is { } url && parts.NextAddress(url, document) is { } next)
            http.Response.Headers.Append("Link", $"<{next}>; rel=\"next\"");
        return await Limit(http).MeasureAsync(http, parts.Of(document), made.HeldBytes);
    }

    /// <summary>The report as a download, in the media type that the client requests.</summary>
    /// <exception cref="RefusedException">It is too large for one response, or other reports hold the memory.</exception>
    public static async Task<StreamedDownload> SendAsync(
        HttpContext http, CompletedRelocation made, string? name, ReportParts parts, string form, bool immutable, TimeSpan? freshFor = null)
        => ReadableForms.Has(form)
            ? new(await MeasureReadableAsync(http, made, name, form), ReadableForms.ContentType(form), immutable, freshFor)
            : new(await MeasureAsync(http, made, name, parts), form, immutable, freshFor);

    /// <summary>
    /// The report for people, measured, in a media type of <see cref="ReadableForms"/>. Takes its share of the memory for reports.
    /// </summary>
    /// <exception cref="RefusedException">Other reports hold the memory.</exception>
    public static Task<StreamedBody> MeasureReadableAsync(HttpContext http, CompletedRelocation made, string? name, string form) =>
        Limit(http).MeasureAsync(http, ReadableForms.Lines(made.ToSheet(name), form), made.HeldBytes);

    /// <summary>The report as part of another document. Refused if the whole report is certainly too large.</summary>
    /// <exception cref="RefusedException">The report is too large.</exception>
    public static ReportDocument Admit(HttpContext http, CompletedRelocation made, string? name, ReportParts parts)
    {
        var report = made.Report;
        if (parts.IsWhole) Limit(http).Refuse(report.Characters + ((long)LeastBytesPerEntry * report.Relocations.Count));
        return ReportDocument.Of(made, name, parts.Included);
    }

    private static ReportLimit Limit(HttpContext http) => http.RequestServices.GetRequiredService<ReportLimit>();
}
