using System.Text.Json.Serialization;

namespace Relo.Api.Signing;

/// <summary>A Sigstore bundle, version 0.3, around an envelope signed with a key that the verifier already knows.</summary>
internal sealed record SigstoreBundle(
    [property: JsonPropertyOrder(-1)] string MediaType, VerificationMaterial VerificationMaterial, Dsse DsseEnvelope)
{
    /// <summary>Its media type.</summary>
    public const string Type = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /// <summary>The bundle around an envelope.</summary>
    public static SigstoreBundle Of(Dsse envelope) => new(Type, new(new(envelope.Signatures[0].KeyId!), []), envelope);
}

/// <summary>What a verifier needs besides the envelope.</summary>
/// <param name="PublicKey">The key.</param>
/// <param name="TlogEntries">Entries of a transparency log: none.</param>
internal sealed record VerificationMaterial(KeyHint PublicKey, IReadOnlyList<string> TlogEntries);

/// <summary>Names a key.</summary>
/// <param name="Hint">Its id.</param>
internal sealed record KeyHint(string Hint);
