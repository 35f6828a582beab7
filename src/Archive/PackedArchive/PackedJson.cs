using System.Text.Json.Serialization;

namespace Relo.Archive.PackedArchive;

/// <summary>The JSON of a packed archive. Members that this program does not know are refused: they could change the meaning.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PackedHead))]
[JsonSerializable(typeof(PackedKernel))]
internal sealed partial class PackedJson : JsonSerializerContext;
