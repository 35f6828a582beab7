using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>Operations on any store, built from its own calls.</summary>
internal static class BlobStoreExtensions
{
    /// <summary>Whether the blob exists.</summary>
    public static async Task<bool> HasAsync(
        this IBlobStore store, Digest digest, CancellationToken ct, BlobPlace place = BlobPlace.Stored) =>
        await store.SizeOfAsync(digest, ct, place) is not null;

    /// <summary>The sizes of all blobs in a place.</summary>
    public static async Task<Dictionary<Digest, long>> SizesAsync(
        this IBlobStore store, CancellationToken ct, BlobPlace place = BlobPlace.Stored)
    {
        var sizes = new Dictionary<Digest, long>();
        await foreach (var blob in store.ListAsync(place, ct)) sizes[blob.Digest] = blob.SizeBytes;
        return sizes;
    }

    /// <summary>Copies a blob to this machine if necessary, maps it and checks its digest. Dispose it.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="CorruptBlobException">The bytes do not match.</exception>
    public static async Task<MappedBlob?> OpenAsync(this IBlobStore store, Digest digest, CancellationToken ct)
    {
        await store.FetchAsync(digest, ct);
        return store.Open(digest);
    }

    /// <summary>As <see cref="OpenAsync"/>, on the calling thread.</summary>
    /// <param name="store">The store.</param>
    /// <param name="digest">The name of the blob.</param>
    /// <param name="nameOf">The name of bytes; null: their digest.</param>
    public static MappedBlob? Open(this IBlobStore store, Digest digest, Func<ReadOnlySpan<byte>, Digest>? nameOf = null)
    {
        if (store.Map(digest) is not { } blob) return null;
        try
        {
            blob.Check(store.NameOf(digest), digest, nameOf);
            return blob;
        }
        catch
        {
            ((IDisposable)blob).Dispose();
            throw;
        }
    }
}
