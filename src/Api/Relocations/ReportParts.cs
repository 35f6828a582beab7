using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.WebUtilities;
using Relo.Api.Http.Json;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>The parts of a report that the client requests.</summary>
/// <param name="Fields">Members of the report; null for all.</param>
/// <param name="Page">The page of its relocations; null for all.</param>
/// <param name="Included">Optional content.</param>
internal sealed record ReportParts(IReadOnlySet<string>? Fields, ListPage? Page, IReadOnlySet<Included> Included)
{
    private const string Relocations = "relocations", Warnings = "warnings", Next = "next";

    /// <summary>The whole report.</summary>
    public static ReportParts All { get; } = new(null, null, new HashSet<Included>());

    /// <summary>Whether the client requests the whole report.</summary>
    public bool IsWhole => Fields is null && Page is null;

    /// <summary>Reads the parameters.</summary>
    /// <exception cref="RefusedException">A parameter has an invalid value.</exception>
    public static ReportParts Of(ReportParameters parameters) => new(
        NameList.Parse("fields", parameters.Fields, Members<ReportDocument>.Names),
        ListPage.Parse(parameters.RelocationsLimit, parameters.RelocationsAfter),
        WordsOf<Included>.ParseList(parameters.Include).ToHashSet());

    /// <summary>Refuses the parameters if the response to the request cannot have a JSON report for them to choose parts of.</summary>
    /// <param name="form">The media type of the response.</param>
    /// <param name="failOn">The outcomes that respond with a problem, which has a JSON report.</param>
    /// <exception cref="RefusedException">One of them is given.</exception>
    public void RefuseFor(string form, FailOn failOn = FailOn.Nothing)
    {
        if (form is MediaTypeNames.Application.Json or MediaTypeNames.Application.Zip || failOn != FailOn.Nothing) return;
        var given = Fields is not null ? ("fields", string.Join(',', Fields)) : Page is not null ? ("relocationsLimit", $"{Page.Limit}")
            : Included.Count > 0 ? ("include", string.Join(',', Included).ToLowerInvariant()) : default;
        if (given is (string name, var found))
            throw new RefusedException(Problem.InvalidParameter(
                name, found, $"no such parameter for a response in {form}: it chooses parts of the JSON report"));
    }

    /// <summary>The document to send.</summary>
    public object Of(ReportDocument report)
    {
        if (IsWhole) return report;
        var members = Members<ReportDocument>.Select(report, Fields);
        if (Page is null) return members;
        if (members.ContainsKey(Relocations)) members[Relocations] = Page.Of(report.Relocations);
        if (members.ContainsKey(Warnings)) members[Warnings] = report.Warnings.Where(IsOnPage(report.Relocations, Page));
        members.Add(Next, Page.NextOf(report.Relocations));
        return members;
    }

    /// <summary>The address of the next page of a report; null on the last.</summary>
    /// <param name="url">Address of the report.</param>
    /// <param name="report">The report.</param>
    public string? NextAddress(string url, ReportDocument report) => Page?.NextOf(report.Relocations) is not { } next ? null
        : QueryHelpers.AddQueryString(url, new Dictionary<string, string?>
        {
            ["fields"] = Fields is null ? null : string.Join(',', Fields),
            ["relocationsLimit"] = Page.Limit.ToString(CultureInfo.InvariantCulture),
            ["relocationsAfter"] = next,
            ["include"] = Included.Count == 0 ? null : string.Join(',', Included).ToLowerInvariant(),
        });

    // Warnings about the whole object are on the first page. Records outside all programs are not relocations, but may have warnings.
    private static Func<ReportWarning, bool> IsOnPage(IReadOnlyList<RelocationEntry> all, ListPage page)
    {
        var first = page.Skipped == 0 ? int.MinValue : page.Skipped < all.Count ? all[page.Skipped].Index : int.MaxValue;
        var end = page.NextOf(all) is null ? int.MaxValue : all[page.Skipped + page.Limit].Index;
        return warning => warning.Relocation is { } record ? record >= first && record < end : page.Skipped == 0;
    }
}
