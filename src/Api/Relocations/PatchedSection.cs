using System.Text.Json.Serialization;
using Relo.Core.Bytes;

namespace Relo.Api.Relocations;

/// <summary>The object to load.</summary>
/// <param name="Sha256">Its digest.</param>
/// <param name="SizeBytes">Its size, which is the size of the original.</param>
/// <param name="Url">Its URL, valid as long as the original is stored; null if a module's type was needed, which the URL does not
/// name.</param>
/// <param name="Base64">The object itself, on demand.</param>
internal sealed record PatchedSection(
    Digest Sha256, long SizeBytes, string? Url,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Base64);
