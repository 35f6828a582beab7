using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Parameters;
using Relo.Api.Inputs;
using Relo.Api.Relocations;

namespace Relo.Api.Compatibility;

/// <summary>
/// The kernels on which a stored object works: <see cref="CheckCompatibility"/> at an address of its own.
/// <code>curl 'http://localhost:8080/v1/objects/tracer/kernels?distro=ubuntu&amp;arch=x86_64'</code>
/// </summary>
internal sealed record KeptObjectParameters : KernelsParameters
{
    /// <summary>
    /// <c>broken</c>, <c>poisoned</c>, <c>absent</c>, or several separated by commas: respond with 422 <c>incompatible-kernels</c> and the
    /// same body if the object has such an outcome, or fails, on one of the kernels.
    /// </summary>
    [FromQuery(Name = "failOn"), WordListOf<FailOn>]
    public string? FailOn { get; init; }
}

/// <summary>GET /v1/objects/{ref}/kernels.</summary>
internal static class CheckKeptObjectRoute
{
    /// <summary>Checks a stored object against many kernels.</summary>
    /// <remarks>The answers of <c>POST /v1/compatibility?object={ref}</c>, in the same media types.</remarks>
    /// <param name="ref">Its digest (64 hexadecimal digits) or a tag.</param>
    /// <param name="parameters">The kernels.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs it.</param>
    public static async Task<IResult> Handle(
        string @ref, [AsParameters] KeptObjectParameters parameters, HttpContext http, IMediator mediator)
    {
        var reference = RefParameter.Parse(@ref);
        var kept = new RequestedObject.Kept(reference, TagFreshness.IsWanted(http.Request));
        var request = new CheckCompatibility(kept, parameters.ToFilter(), MemoryShare.OfRequest(http));
        return await CheckCompatibilityRoute.AnswerAsync(
            request, reference.TagOf(), FailOnRule.Parse(parameters.FailOn), parameters, http, mediator);
    }
}
