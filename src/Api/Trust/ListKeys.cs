using System.Buffers.Text;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Api.Signing;

namespace Relo.Api.Trust;

/// <summary>
/// The keys that sign what the service relocates.
/// <code>curl -H 'Accept: application/x-pem-file' http://localhost:8080/v1/keys > relo.pem</code>
/// </summary>
internal static class ListKeysRoute
{
    /// <summary>The form that <c>openssl</c> reads: only the keys, first the one that signs now.</summary>
    public const string PemType = "application/x-pem-file";

    /// <summary>Lists the keys that sign, or signed before.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="http">The request.</param>
    /// <remarks>Fetch them once over a connection you trust: a key from the server that you want to check proves nothing.</remarks>
    public static IResult Handle(SigningKeys keys, HttpContext http)
    {
        if (keys.Signer is not { } signer) return Problem.SigningOff();
        var former = keys.Former.Where(key => key.Id != signer.Key.Id).Select(key => SigningKey.Of(key, signs: false));
        IReadOnlyList<SigningKey> all = [SigningKey.Of(signer.Key, signs: true), .. former];
        return OfferedForms.Chosen(http) == PemType
            ? TypedResults.Text(string.Concat(all.Select(key => key.Pem)), PemType)
            : TypedResults.Ok(new SigningKeyList(all));
    }
}

/// <summary>The keys of the service.</summary>
/// <param name="Items">The key that signs, then those that signed before.</param>
internal sealed record SigningKeyList(IReadOnlyList<SigningKey> Items);

/// <summary>A key of the service.</summary>
/// <param name="KeyId">SHA-256 of its SubjectPublicKeyInfo in DER, 64 hexadecimal digits: <c>keyid</c> of the envelopes.</param>
/// <param name="Algorithm">Always <c>ecdsa-p256-sha256</c>.</param>
/// <param name="Signs">Whether it signs now; false if it signed before.</param>
/// <param name="Pem">The public key in PEM.</param>
/// <param name="Jwk">The public key as a JSON Web Key (RFC 7517).</param>
internal sealed record SigningKey(string KeyId, string Algorithm, bool Signs, string Pem, SigningJwk Jwk)
{
    /// <summary>Describes a key.</summary>
    public static SigningKey Of(PublicKey key, bool signs)
    {
        var point = key.Point.Q;
        return new(key.Id, "ecdsa-p256-sha256", signs, key.Pem, new(
            "EC", "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y), "sig", "ES256", key.Id));
    }
}

/// <summary>A public key as a JSON Web Key (RFC 7517, RFC 7518 §6.2).</summary>
internal sealed record SigningJwk(string Kty, string Crv, string X, string Y, string Use, string Alg, string Kid);
