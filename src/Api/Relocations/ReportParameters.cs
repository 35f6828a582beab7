using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Parameters;

namespace Relo.Api.Relocations;

/// <summary>Parameters that choose parts of a report, for reports that are too large for one response.</summary>
internal sealed record ReportParameters
{
    /// <summary>Members of the report to return, separated by commas: <c>summary,fieldChanges</c>. The default is all.</summary>
    [FromQuery(Name = "fields")]
    public string? Fields { get; init; }

    /// <summary>
    /// Returns at most this many of <c>relocations</c>, 1 to 1000, and the <c>warnings</c> about them. The report then has a last member
    /// <c>next</c>: <c>relocationsAfter</c> of the next page, null at the end. <c>Link</c> with <c>rel="next"</c> is its address.
    /// </summary>
    [FromQuery(Name = "relocationsLimit")]
    public int? RelocationsLimit { get; init; }

    /// <summary><c>next</c> of the previous page.</summary>
    [FromQuery(Name = "relocationsAfter")]
    public string? RelocationsAfter { get; init; }

    /// <summary>
    /// <c>object</c> adds the patched object, as <c>patched.base64</c>; <c>disassembly</c> adds to each program every instruction before
    /// and after, with its C line; or both, separated by commas.
    /// </summary>
    [FromQuery(Name = "include"), WordListOf<Included>]
    public string? Include { get; init; }
}
