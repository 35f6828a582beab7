using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http;
using Relo.Api.Kernels;

namespace Relo.Api.Relocations;

/// <summary>Parameters of a relocation; each may stand in the query or be a field of the form.</summary>
internal sealed record RelocationParameters : KernelParameters
{
    /// <summary>Name of the object in the report and of downloads; by default the file name of the form.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary><c>object</c> adds the patched object to the report, as <c>patched.base64</c>.</summary>
    [FromQuery(Name = "include")]
    public string? Include { get; init; }

    /// <summary><c>broken</c> or <c>poisoned</c>: answer such an outcome with 422 <c>relocation-unusable</c>.</summary>
    [FromQuery(Name = "failOn")]
    public string? FailOn { get; init; }

    /// <summary>These, and what they leave open from the fields of a form.</summary>
    public RelocationParameters Or(IReadOnlyDictionary<string, string> fields) => fields.Count == 0 ? this : this with
    {
        Kernel = Kernel ?? fields.GetValueOrDefault("kernel"),
        Arch = Arch ?? fields.GetValueOrDefault("arch"),
        Distro = Distro ?? fields.GetValueOrDefault("distro"),
        Version = Version ?? fields.GetValueOrDefault("version"),
        Name = Name ?? fields.GetValueOrDefault("name"),
        Include = Include ?? fields.GetValueOrDefault("include"),
        FailOn = FailOn ?? fields.GetValueOrDefault("failOn"),
    };

    /// <summary>Reads <see cref="Include"/>.</summary>
    /// <exception cref="RefusedException">It is none of the known words.</exception>
    public bool IncludesObject() => Include?.Trim().ToLowerInvariant() switch
    {
        null or "" => false,
        "object" => true,
        _ => throw new RefusedException(Problems.InvalidParameter("include", Include!, "object")),
    };
}
