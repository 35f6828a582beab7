using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Parameters;
using Relo.Api.Inputs;

namespace Relo.Api.Relocations;

/// <summary>Parameters of a relocation, in the query or as form fields.</summary>
internal sealed record RelocationParameters : KernelParameters
{
    /// <summary>Name of the object in the report and of downloads; by default the file name of the form.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary>
    /// <c>broken</c>, <c>poisoned</c>, <c>absent</c> (the kernel lacks what the object needs), or several separated by commas: respond to
    /// that outcome with 422 <c>relocation-unusable</c>.
    /// </summary>
    [FromQuery(Name = "failOn"), WordListOf<FailOn>]
    public string? FailOn { get; init; }
}
