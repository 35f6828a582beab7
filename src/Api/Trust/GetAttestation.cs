using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Relocations;

namespace Relo.Api.Trust;

/// <summary>
/// A signed statement about a relocation: of a stored object for a kernel, or by the digests of object and BTF. Sends the same requests as
/// the routes of the relocations.
/// <code>curl "http://localhost:8080/v1/relocated/tracer/attestation?kernel=$(uname -r)"</code>
/// </summary>
internal static class GetAttestationRoute
{
    /// <summary>Signs a statement about an object relocated for a kernel.</summary>
    /// <param name="ref">Digest of the object (64 hexadecimal digits) or a tag.</param>
    /// <param name="parameters">The kernel.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    /// <param name="attester">Signs.</param>
    /// <remarks>A DSSE envelope around an in-toto statement with SLSA provenance, or with <c>Accept</c> a Sigstore bundle around
    /// it.</remarks>
    public static async Task<IResult> OfRelocated(
        string @ref, [AsParameters] RelocatedParameters parameters, HttpContext http, IMediator mediator, Attester attester)
    {
        var (reference, kernel) = (RefParameter.Parse(@ref), parameters.ToQuery());
        if (!attester.IsOn) return Problem.SigningOff();
        var (failOn, isCurrent) = (FailOnRule.Parse(parameters.FailOn), TagFreshness.IsWanted(http.Request));
        var result = await mediator.Send(new GetRelocated(reference, kernel, failOn, isCurrent, IsReportRead: true), http.RequestAborted);
        if (result.IsTagRemembered is { } isRemembered) TagFreshness.Tell(http.Response, isRemembered);
        return result switch
        {
            RelocationMade made => await Attestation.SendAsync(
                http, attester, made.Relocation, reference.FileName(), GetRelocatedRoute.TagIsFreshFor),
            RelocationUnwanted unwanted => RelocationProblem.Of(unwanted),
            var other => RelocationProblem.OfFailure(other, kernel.Kernel),
        };
    }

    /// <summary>Signs a statement about a relocation.</summary>
    /// <param name="objectDigest">SHA-256 of the object as it was uploaded.</param>
    /// <param name="btfDigest">SHA-256 of the kernel's BTF.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    /// <param name="attester">Signs.</param>
    public static async Task<IResult> OfRelocation(
        string objectDigest, string btfDigest, HttpContext http, IMediator mediator, Attester attester)
    {
        var asked = GetRelocationRoute.Read(objectDigest, btfDigest);
        if (!attester.IsOn) return Problem.SigningOff();
        return await mediator.Send(asked, http.RequestAborted) switch
        {
            RelocationMade made => await Attestation.SendAsync(http, attester, made.Relocation, name: null, freshFor: null),
            var other => GetRelocationRoute.ProblemOf(other),
        };
    }
}
