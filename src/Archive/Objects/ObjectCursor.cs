using System.Buffers.Binary;
using System.Buffers.Text;
using Relo.Core.Bytes;

namespace Relo.Archive.Objects;

/// <summary>An opaque position in the list of objects: time and digest of the last object returned, in base64url.</summary>
public static class ObjectCursor
{
    private const int Size = 8 + 32;

    /// <summary>The cursor after this object.</summary>
    public static string After(StoredObject last)
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, last.UploadedAt.UtcTicks);
        last.Digest.ToBytes().CopyTo(bytes.AsSpan(8));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Parses a cursor of <see cref="After"/>.</summary>
    public static bool TryParse(string? cursor, out long uploadedAt, out Digest digest)
    {
        (uploadedAt, digest) = (0, default);
        Span<byte> bytes = stackalloc byte[Size];
        // Checks the length before decoding.
        if (cursor is null || cursor.Length != Base64Url.GetEncodedLength(Size) || !Base64Url.IsValid(cursor)) return false;
        if (Base64Url.DecodeFromChars(cursor, bytes) != Size) return false;
        uploadedAt = BinaryPrimitives.ReadInt64BigEndian(bytes);
        digest = Digest.FromHash(bytes[8..]);
        return true;
    }
}
