using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relo.Api.Signing;

/// <summary>
/// A signed statement: an envelope of DSSE (Dead Simple Signing Envelope, version 1,
/// github.com/secure-systems-lab/dsse). Every value in it is Base64 or printable ASCII.
/// </summary>
/// <param name="Payload">The statement, in Base64.</param>
/// <param name="PayloadType">Its media type.</param>
/// <param name="Signatures">The signatures; one suffices.</param>
internal sealed record Dsse(string Payload, string PayloadType, IReadOnlyList<DsseSignature> Signatures)
{
    /// <summary>The media type of an envelope.</summary>
    public const string MediaType = "application/vnd.dsse.envelope.v1+json";

    /// <summary>Signs a payload.</summary>
    public static async Task<Dsse> SignAsync(Signer signer, string payloadType, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        var signature = await signer.SignAsync(Pae(payloadType, payload.Span), ct);
        return new(Convert.ToBase64String(payload.Span), payloadType, [new(signer.Key.Id, Convert.ToBase64String(signature))]);
    }

    /// <summary>
    /// What is signed: the pre-authentication encoding, which binds the type to the payload.
    /// <c>DSSEv1 SP LEN(type) SP type SP LEN(payload) SP payload</c>
    /// </summary>
    public static byte[] Pae(string payloadType, ReadOnlySpan<byte> payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(payloadType)} {payloadType} {payload.Length} "), .. payload];

    /// <summary>Reads an envelope.</summary>
    /// <exception cref="FormatException">It is not an envelope.</exception>
    public static Dsse Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var read = JsonSerializer.Deserialize(json, DsseJson.Plain.Dsse);
            return read is { Payload: not null, PayloadType: not null, Signatures: not null }
                ? read
                : throw new FormatException("it is not a DSSE envelope: payload, payloadType or signatures is missing");
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is not a DSSE envelope: {e.Message}", e);
        }
    }

    /// <summary>The payload, if one of the keys signed it; null if none did.</summary>
    public byte[]? Verify(IReadOnlyCollection<PublicKey> keys)
    {
        if (Bytes(Payload) is not { } payload) return null;
        var signed = Pae(PayloadType, payload);
        return Signatures.Any(one => Bytes(one?.Sig) is { } signature && keys.Any(key => key.Verifies(signed, signature))) ? payload : null;
    }

    // DSSE requires verifiers to accept both alphabets of Base64.
    private static byte[]? Bytes(string? text) =>
        text?.Replace('-', '+').Replace('_', '/') is { } plain && Base64.IsValid(plain) ? Convert.FromBase64String(plain) : null;
}

/// <summary>A signature in an envelope.</summary>
/// <param name="KeyId">Id of the key. A hint, not signed.</param>
/// <param name="Sig">The signature, in Base64.</param>
internal sealed record DsseSignature([property: JsonPropertyName("keyid")] string? KeyId, string Sig);
