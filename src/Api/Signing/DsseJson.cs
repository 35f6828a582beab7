using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relo.Api.Signing;

/// <summary>
/// JSON of envelopes as their specifications name it. The plus sign is not escaped: Base64 has it, and the scripts for nodes read the text
/// with <c>sed</c>.
/// </summary>
[JsonSerializable(typeof(Dsse))]
[JsonSerializable(typeof(SigstoreBundle))]
internal sealed partial class DsseJson : JsonSerializerContext
{
    /// <summary>Writes and reads it.</summary>
    public static DsseJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
