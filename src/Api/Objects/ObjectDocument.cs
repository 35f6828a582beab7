using Relo.Archive.Objects;
using Relo.Core.Bytes;
using Relo.Core.Contents;

namespace Relo.Api.Objects;

/// <summary>A stored object and its contents.</summary>
internal sealed record ObjectDocument(
    Digest Sha256, string? Name, IReadOnlyList<string> Names, long SizeBytes, string Url, DateTimeOffset UploadedAt,
    DateTimeOffset LastUsedAt, ObjectDescription Object)
{
    /// <summary>The document of an object.</summary>
    /// <param name="stored">The object.</param>
    /// <param name="contents">Its contents.</param>
    /// <param name="name">The tag in the request.</param>
    public static ObjectDocument Of(StoredObject stored, ObjectContents contents, string? name)
    {
        var item = ObjectItem.Of(stored, name);
        return new(item.Sha256, item.Name, item.Names, item.SizeBytes, item.Url, item.UploadedAt, item.LastUsedAt,
            ObjectDescription.Of(contents, item.Name));
    }
}
