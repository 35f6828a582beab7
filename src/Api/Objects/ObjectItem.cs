using Relo.Archive.Objects;
using Relo.Core.Bytes;

namespace Relo.Api.Objects;

/// <summary>A kept object, without what is in it.</summary>
/// <param name="Sha256">Its digest.</param>
/// <param name="Name">The tag that came to it last; null where it has none.</param>
/// <param name="Names">All its tags.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Url">Its address by digest.</param>
/// <param name="UploadedAt">When it came first.</param>
/// <param name="LastUsedAt">When it was used last, to the minute.</param>
internal sealed record ObjectItem(Digest Sha256, string? Name, IReadOnlyList<string> Names, long SizeBytes, string Url, DateTimeOffset UploadedAt, DateTimeOffset LastUsedAt)
{
    /// <summary>The item of a kept object.</summary>
    /// <param name="stored">The object.</param>
    /// <param name="name">The tag it was asked for by.</param>
    public static ObjectItem Of(StoredObject stored, string? name = null) => new(
        stored.Digest, name ?? (stored.Tags is [var newest, ..] ? newest : null), stored.Tags, stored.SizeBytes, AddressOf(stored.Digest), stored.UploadedAt, stored.LastUsedAt);

    /// <summary>The address of an object.</summary>
    public static string AddressOf(Digest digest) => $"/v1/objects/{digest.Hex}";
}
