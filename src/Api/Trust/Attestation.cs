using System.Text.Json;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Api.Relocations;
using Relo.Api.Signing;

namespace Relo.Api.Trust;

/// <summary>The answer of the attestation routes: an envelope, or a Sigstore bundle around it.</summary>
internal static class Attestation
{
    private const string Immutable = "public, max-age=31536000, immutable";

    /// <summary>Signs, and answers in the form that <c>Accept</c> chose.</summary>
    /// <param name="http">The request.</param>
    /// <param name="attester">Signs.</param>
    /// <param name="made">The relocation.</param>
    /// <param name="name">File name of the object, if it has one.</param>
    /// <param name="freshFor">How long caches may use it; null: forever.</param>
    public static async Task<IResult> SendAsync(
        HttpContext http, Attester attester, CompletedRelocation made, string? name, TimeSpan? freshFor)
    {
        try
        {
            var facts = StatementFacts.Of(made, name);
            if (await attester.AttestAsync(facts, http.RequestAborted) is not { } envelope) return Problem.SigningOff();
            var form = OfferedForms.Chosen(http);
            http.Response.Headers.CacheControl = freshFor is { } age ? $"max-age={(long)age.TotalSeconds}" : Immutable;
            var bytes = form == SigstoreBundle.Type
                ? JsonSerializer.SerializeToUtf8Bytes(SigstoreBundle.Of(envelope), DsseJson.Plain.SigstoreBundle)
                : JsonSerializer.SerializeToUtf8Bytes(envelope, DsseJson.Plain.Dsse);
            return TypedResults.Bytes(bytes, form);
        }
        catch (SigningFailedException)
        {
            return Problem.SigningFailed(); // the reason is for the operator, in the log
        }
    }
}
