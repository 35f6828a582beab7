using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Objects;

/// <summary>Rows of objects in the database.</summary>
internal static class StoredRows
{
    /// <summary>Those that a reference names: one or none.</summary>
    public static IQueryable<ObjectRow> Named(this IQueryable<ObjectRow> objects, ObjectRef reference) => reference switch
    {
        ObjectRef.ByDigest { Digest.Hex: var hex } => objects.Where(o => o.Digest == hex),
        ObjectRef.ByTag { Tag: var tag } => objects.Where(o => o.Tags.Any(t => t.Name == tag)),
        var other => throw new InvalidOperationException(other.GetType().Name),
    };

    /// <summary>The object; its newest tag comes first.</summary>
    public static StoredObject ToObject(this ObjectRow row) => new(
        Digest.Parse(row.Digest), row.SizeBytes,
        row.Tags is [var only] ? [only.Name]
            : [.. row.Tags.OrderByDescending(t => t.MovedAt).ThenBy(t => t.Name, StringComparer.Ordinal).Select(t => t.Name)],
        new DateTimeOffset(row.UploadedAt, TimeSpan.Zero), new DateTimeOffset(row.LastUsedAt, TimeSpan.Zero));
}
