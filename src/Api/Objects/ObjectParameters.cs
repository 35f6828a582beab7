using Microsoft.AspNetCore.Mvc;

namespace Relo.Api.Objects;

/// <summary>Parameters that choose parts of an object's contents, for objects with too many relocations for one response.</summary>
internal sealed record ObjectParameters
{
    /// <summary>Members of <c>object</c> to return, separated by commas: <c>programs,maps</c>. The default is all.</summary>
    [FromQuery(Name = "fields")]
    public string? Fields { get; init; }

    /// <summary>
    /// Returns at most this many of <c>object.relocations</c>, 1 to 1000. The response then has a last member <c>next</c>:
    /// <c>relocationsAfter</c> of the next page, null at the end. <c>Link</c> with <c>rel="next"</c> is its address.
    /// </summary>
    [FromQuery(Name = "relocationsLimit")]
    public int? RelocationsLimit { get; init; }

    /// <summary><c>next</c> of the previous page.</summary>
    [FromQuery(Name = "relocationsAfter")]
    public string? RelocationsAfter { get; init; }
}
