using Microsoft.AspNetCore.Mvc;

namespace Relo.Api.Objects;

/// <summary>Parameters that choose parts of what is in an object, for objects with too many relocations to list at once.</summary>
internal sealed record ObjectParameters
{
    /// <summary>Members of <c>object</c> to send, with commas: <c>programs,maps</c>. Without it, all of them.</summary>
    [FromQuery(Name = "fields")]
    public string? Fields { get; init; }

    /// <summary>
    /// Pages <c>object.relocations</c>: the largest number, 1 to 1000. The answer has a last member <c>next</c> then: <c>relocationsAfter</c> of the next
    /// page, null at the end; <c>Link</c> with <c>rel="next"</c> leads there.
    /// </summary>
    [FromQuery(Name = "relocationsLimit")]
    public int? RelocationsLimit { get; init; }

    /// <summary><c>next</c> of the page before.</summary>
    [FromQuery(Name = "relocationsAfter")]
    public string? RelocationsAfter { get; init; }
}
