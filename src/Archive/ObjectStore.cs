using Relo.Core.Bytes;

namespace Relo.Archive;

/// <summary>Uploaded objects, kept so that a relocation can be asked for again by digests alone. Bounded: the least recently used go first.</summary>
public sealed class ObjectStore
{
    /// <summary>Keeps an object.</summary>
    /// <param name="digest">The digest of <paramref name="bytes"/>.</param>
    /// <param name="bytes">The object as it came.</param>
    /// <param name="ct">Cancels before it is written.</param>
    public Task PutAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>The object with this digest; null where it is not kept (any more).</summary>
    /// <exception cref="CorruptBlobException">The stored bytes are not the ones that were stored.</exception>
    public Task<ReadOnlyMemory<byte>?> GetAsync(Digest digest, CancellationToken ct) => throw new NotSupportedException();
}
