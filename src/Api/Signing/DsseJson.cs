using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relo.Api.Signing;

/// <summary>
/// JSON of envelopes, with the member names of their specifications. The plus sign of Base64 is not escaped, because the scripts for nodes
/// read the text with <c>sed</c>.
/// </summary>
[JsonSerializable(typeof(Dsse))]
[JsonSerializable(typeof(SigstoreBundle))]
internal sealed partial class DsseJson : JsonSerializerContext
{
    /// <summary>The context to write and read it with.</summary>
    public static DsseJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
