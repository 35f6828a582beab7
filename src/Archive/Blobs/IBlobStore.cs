using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// Blobs of one kind, named by the digest of their bytes (packed BTF: of the raw bytes). A blob appears complete or not at all and never
/// changes, so any number of processes may use one store. A failing store throws exceptions that <see cref="StorageFault"/> recognises.
/// </summary>
internal interface IBlobStore
{
    /// <summary>The location of a place, for messages to the operator.</summary>
    string NameOf(BlobPlace place);

    /// <summary>The location of a blob, whether or not it exists, for messages to the operator.</summary>
    string NameOf(Digest digest, BlobPlace place = BlobPlace.Stored);

    /// <summary>Called at start: creates what the store needs.</summary>
    /// <exception cref="ArchiveStartupException">The store cannot be used with these settings.</exception>
    Task PrepareAsync(CancellationToken ct);

    /// <summary>Removes files left by killed writers on this machine.</summary>
    /// <returns>The number of files removed.</returns>
    int Sweep();

    /// <summary>Checks that the store works.</summary>
    /// <returns>The result, for the operator.</returns>
    Task<string> ProbeAsync(CancellationToken ct);

    /// <summary>Size of the blob; null if there is none.</summary>
    Task<long?> SizeOfAsync(Digest digest, CancellationToken ct, BlobPlace place = BlobPlace.Stored);

    /// <summary>All blobs in a place.</summary>
    IAsyncEnumerable<StoredBlob> ListAsync(BlobPlace place, CancellationToken ct);

    /// <summary>Stores bytes under their digest. An existing blob is kept if sound and replaced if damaged.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is not the digest of <paramref name="bytes"/>.</exception>
    Task PutAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken ct);

    /// <summary>Stores many small blobs as <see cref="PutAsync"/> does, in less time.</summary>
    /// <returns>Their digests.</returns>
    Task<Digest[]> PutAllAsync(IReadOnlyList<ReadOnlyMemory<byte>> blobs, CancellationToken ct);

    /// <summary>Deletes a blob if it exists; existing mappings keep their bytes.</summary>
    Task DeleteAsync(Digest digest, CancellationToken ct, BlobPlace place = BlobPlace.Stored);

    /// <summary>Moves a blob from one place to another.</summary>
    /// <returns>Whether it existed.</returns>
    Task<bool> MoveAsync(Digest digest, BlobPlace from, BlobPlace to, CancellationToken ct);

    /// <summary>Quarantines a blob whose bytes do not match its digest, after reading the stored bytes again.</summary>
    /// <returns>Whether it was moved; false if it is sound or missing.</returns>
    Task<bool> SetAsideAsync(Digest digest, CancellationToken ct);

    /// <summary>
    /// Reads a blob from the store itself, not from a copy on this machine, and checks its digest. For passes over all blobs: it leaves no
    /// copy. Dispose it.
    /// </summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="CorruptBlobException">The bytes do not match.</exception>
    Task<MappedBlob?> ReadAsync(Digest digest, CancellationToken ct);

    /// <summary>Whether a blob, or a copy of it, is on this machine's disk, so that <see cref="Map"/> need not wait.</summary>
    bool HasHere(Digest digest);

    /// <summary>
    /// Copies a blob to this machine, so that <see cref="Map"/> need not wait. Concurrent callers share one copy operation.
    /// </summary>
    Task FetchAsync(Digest digest, CancellationToken ct);

    /// <summary>
    /// Maps a blob on this machine's disk. Does not check the digest; see <see cref="MappedBlob.Check"/>. If there is no copy yet, waits
    /// for it on the calling thread.
    /// </summary>
    /// <returns>Null if the store does not have the blob.</returns>
    /// <exception cref="CorruptBlobException">The blob is empty or too large, or its bytes did not match during the copy.</exception>
    MappedBlob? Map(Digest digest);

    /// <summary>Whether a mapped blob is unchanged: its file was neither overwritten nor truncated.</summary>
    bool IsAsMapped(Digest digest, MappedBlob blob);
}
