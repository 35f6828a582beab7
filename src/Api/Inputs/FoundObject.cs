using Relo.Archive.Objects;
using Relo.Core.Bytes;
using Relo.Core.Objects;

namespace Relo.Api.Inputs;

/// <summary>The object that a request is about.</summary>
/// <param name="Digest">Its digest, computed once per request.</param>
/// <param name="Read">Reads its bytes; null if it was deleted in the meantime.</param>
/// <param name="TakenBytes">The memory that reading takes: 0 if the request holds the bytes already.</param>
internal sealed record FoundObject(Digest Digest, Func<CancellationToken, Task<ReadOnlyMemory<byte>?>> Read, long TakenBytes)
{
    /// <summary>The object, if the request has parsed it already and holds its memory. Then it is neither read nor parsed again.</summary>
    public BpfObject? Parsed { get; init; }

    /// <summary>An upload.</summary>
    public static FoundObject Of(ReadOnlyMemory<byte> bytes) => Of(Digest.Of(bytes.Span), bytes);

    /// <summary>An object in memory.</summary>
    public static FoundObject Of(Digest digest, ReadOnlyMemory<byte> bytes)
        => new(digest, _ => Task.FromResult<ReadOnlyMemory<byte>?>(bytes), 0);

    /// <summary>A stored object.</summary>
    public static FoundObject Of(ObjectStore objects, StoredObject stored) =>
        new(stored.Digest, stop => objects.GetAsync(stored.Digest, stop), stored.SizeBytes);
}
