using Microsoft.AspNetCore.Mvc;

namespace Relo.Api.Relocations;

/// <summary>Parameters that choose parts of a report, for reports that are too large to be sent whole.</summary>
internal sealed record ReportParameters
{
    /// <summary>Members of the report to send, with commas: <c>summary,fieldChanges</c>. Without it, all of them.</summary>
    [FromQuery(Name = "fields")]
    public string? Fields { get; init; }

    /// <summary>
    /// Pages <c>relocations</c>, and <c>warnings</c> with the relocations that they are about: the largest number of relocations, 1 to 1000. The report has a
    /// last member <c>next</c> then: <c>relocationsAfter</c> of the next page, null at the end; <c>Link</c> with <c>rel="next"</c> leads there.
    /// </summary>
    [FromQuery(Name = "relocationsLimit")]
    public int? RelocationsLimit { get; init; }

    /// <summary><c>next</c> of the page before.</summary>
    [FromQuery(Name = "relocationsAfter")]
    public string? RelocationsAfter { get; init; }
}
