using Microsoft.AspNetCore.Mvc;

namespace Relo.Api.Inputs;

/// <summary>Parameters of requests about one object and many kernels, in the query or as form fields.</summary>
internal record ManyKernelsParameters : KernelsParameters
{
    /// <summary>Instead of a body: the digest (64 hexadecimal digits) or a tag of a stored object.</summary>
    [FromQuery(Name = "object")]
    public string? Object { get; init; }

    /// <summary>Name of the object in the response; by default the file name of the form, or the tag.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }
}
