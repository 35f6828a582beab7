using MediatR;
using Relo.Api.Http.Limits;
using Relo.Api.Work;
using Relo.Archive.Objects;
using Relo.Core.Contents;

namespace Relo.Api.Objects;

/// <summary>
/// The stored objects that read a field, the newest first.
/// <code>curl 'http://localhost:8080/v1/objects?reads=task_struct.state'</code>
/// </summary>
/// <param name="Reads">The type or field.</param>
/// <param name="Limit">The largest number of objects.</param>
/// <param name="After">Where the previous page ended.</param>
/// <param name="Memory">The memory that the request holds.</param>
internal sealed record FindReaders(FieldReads Reads, int Limit, string? After, MemoryShare Memory) : IRequest<ObjectList>;

/// <summary>Reads one object after the other.</summary>
internal sealed class FindReadersHandler(ObjectStore objects, ObjectReader reader) : IRequestHandler<FindReaders, ObjectList>
{
    private const int MostObjects = 1000, AtATime = 100, MostReads = 100;

    /// <inheritdoc/>
    public async Task<ObjectList> Handle(FindReaders request, CancellationToken cancellationToken)
    {
        var (items, after, seen) = (new List<ObjectItem>(), request.After, 0);
        do
        {
            var page = await objects.ListAsync(AtATime, after, cancellationToken);
            foreach (var stored in page.Items)
            {
                if (await ReadsOfAsync(request, stored, cancellationToken) is { Count: > 0 } reads)
                    items.Add(ObjectItem.Of(stored) with { Reads = reads });
                if (items.Count == request.Limit) return new(items, ObjectCursor.After(stored));
            }

            after = page.Next;
        }
        while (after is not null && (seen += AtATime) < MostObjects);
        return new(items, after);
    }

    // Empty if it was deleted meanwhile.
    private async Task<IReadOnlyList<RecordSummary>> ReadsOfAsync(
        FindReaders request, StoredObject stored, CancellationToken cancellation)
    {
        request.Memory.Take(stored.SizeBytes);
        try
        {
            return await objects.ReadAsync(stored.Digest, cancellation) is { } bytes
                ? await reader.ReadAsync(bytes, bpf => request.Reads.Of(bpf, MostReads), cancellation, stored.Digest)
                : [];
        }
        finally
        {
            request.Memory.Release(stored.SizeBytes);
        }
    }
}
