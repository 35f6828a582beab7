using System.Text.Json.Serialization;
using Relo.Archive.Objects;
using Relo.Core.Bytes;
using Relo.Core.Contents;

namespace Relo.Api.Objects;

/// <summary>A stored object, without its contents.</summary>
/// <param name="Sha256">Its digest.</param>
/// <param name="Name">Its newest tag; null without a tag.</param>
/// <param name="Names">All its tags.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Url">Its address by digest.</param>
/// <param name="UploadedAt">The time of its first upload.</param>
/// <param name="LastUsedAt">The time of its last use, to the minute.</param>
internal sealed record ObjectItem(Digest Sha256, string? Name, IReadOnlyList<string> Names, long SizeBytes, string Url,
    DateTimeOffset UploadedAt, DateTimeOffset LastUsedAt)
{
    /// <summary>
    /// With <c>reads</c>: where it reads the field, at most 100 places. <c>/v1/objects/{ref}/kernels</c> shows the kernels on which that
    /// breaks.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RecordSummary>? Reads { get; init; }

    /// <summary>The item of a stored object.</summary>
    /// <param name="stored">The object.</param>
    /// <param name="name">The tag in the request.</param>
    public static ObjectItem Of(StoredObject stored, string? name = null) => new(
        stored.Digest, name ?? (stored.Tags is [var newest, ..] ? newest : null), stored.Tags, stored.SizeBytes, AddressOf(stored.Digest),
        stored.UploadedAt, stored.LastUsedAt);

    /// <summary>The address of an object.</summary>
    public static string AddressOf(Digest digest) => $"/v1/objects/{digest.Hex}";
}
