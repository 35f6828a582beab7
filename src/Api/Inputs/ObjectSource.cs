using Relo.Archive.Objects;

namespace Relo.Api.Inputs;

/// <summary>Where the bytes of an object come from.</summary>
/// <param name="Read">Reads them; null if the object was deleted in the meantime.</param>
/// <param name="TakenBytes">The memory that reading takes: 0 for an upload, which is in memory already.</param>
internal sealed record ObjectSource(Func<CancellationToken, Task<ReadOnlyMemory<byte>?>> Read, long TakenBytes)
{
    /// <summary>An upload.</summary>
    public static ObjectSource Of(ReadOnlyMemory<byte> bytes) => new(_ => Task.FromResult<ReadOnlyMemory<byte>?>(bytes), 0);

    /// <summary>A stored object.</summary>
    public static ObjectSource Of(ObjectStore objects, StoredObject stored)
        => new(stop => objects.GetAsync(stored.Digest, stop), stored.SizeBytes);
}
