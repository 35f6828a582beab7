using Relo.Archive.Objects;
using Relo.Core.Bytes;
using Relo.Core.Contents;
using Relo.Core.Report;

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

/// <summary>A kept object and what is in it.</summary>
internal sealed record ObjectDocument(
    Digest Sha256, string? Name, IReadOnlyList<string> Names, long SizeBytes, string Url, DateTimeOffset UploadedAt, DateTimeOffset LastUsedAt, ObjectDescription Object)
{
    /// <summary>The document of an object.</summary>
    /// <param name="stored">The object.</param>
    /// <param name="contents">What is in it.</param>
    /// <param name="name">The tag it was asked for by.</param>
    public static ObjectDocument Of(StoredObject stored, ObjectContents contents, string? name)
    {
        var item = ObjectItem.Of(stored, name);
        return new(item.Sha256, item.Name, item.Names, item.SizeBytes, item.Url, item.UploadedAt, item.LastUsedAt, ObjectDescription.Of(contents, item.Name));
    }
}

/// <summary>What is in an object, whatever the kernel.</summary>
internal sealed record ObjectDescription(
    string Sha256, long SizeBytes, string? Name, string ByteOrder, string? License, IReadOnlyList<ProgramReport> Programs, IReadOnlyList<MapReport> Maps,
    IReadOnlyList<AskedRelocation> Relocations, IReadOnlyList<AskedType> LocalTypes, Requirements Requirements)
{
    /// <summary>The description of an object.</summary>
    public static ObjectDescription Of(ObjectContents contents, string? name) => new(
        contents.Object.Sha256, contents.Object.SizeBytes, name, contents.Object.ByteOrder, contents.Object.License, contents.Object.Programs, contents.Maps,
        contents.Relocations, contents.LocalTypes, contents.Requirements);
}
