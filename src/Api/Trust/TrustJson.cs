using System.Text.Json.Serialization;

namespace Relo.Api.Trust;

/// <summary>JSON of envelopes as their specifications name it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Dsse))]
[JsonSerializable(typeof(SigstoreBundle))]
internal sealed partial class TrustJson : JsonSerializerContext;
