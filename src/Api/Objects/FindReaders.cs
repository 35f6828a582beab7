using MediatR;
using Relo.Api.Http.Limits;
using Relo.Api.Work;
using Relo.Archive.Faults;
using Relo.Archive.Objects;
using Relo.Core.Bytes;
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
internal sealed class FindReadersHandler(ObjectStore objects, ObjectReader reader, ILogger<FindReadersHandler> log)
    : IRequestHandler<FindReaders, ObjectList>
{
    private const int MostObjects = 1000, AtATime = 100, MostReads = 100;

    // A page ends early at this size. A hundred real objects have less than a third of it.
    private const long MostCharacters = 8L << 20;
    private const int BytesPerCharacter = 8; // in the list, and in the response while it is written

    /// <inheritdoc/>
    public async Task<ObjectList> Handle(FindReaders request, CancellationToken cancellationToken)
    {
        var (items, after, seen, characters) = (new List<ObjectItem>(), request.After, 0, 0L);
        do
        {
            var page = await objects.ListAsync(AtATime, after, cancellationToken);
            foreach (var stored in page.Items)
            {
                if (await ReadsOfAsync(request, stored, cancellationToken) is { Count: > 0 } reads)
                {
                    items.Add(ObjectItem.Of(stored) with { Reads = reads });
                    var more = reads.Sum(CharactersOf);
                    request.Memory.Take(BytesPerCharacter * more);
                    characters += more;
                }

                if (items.Count == request.Limit || characters >= MostCharacters) return new(items, ObjectCursor.After(stored));
            }

            after = page.Next;
        }
        while (after is not null && (seen += AtATime) < MostObjects);
        return new(items, after);
    }

    private static long CharactersOf(RecordSummary read) => read.Section.Length + (read.Program?.Length ?? 0) + read.Local.Length
        + (read.Source is { } source ? source.File.Length + source.Text.Length : 0);

    // Empty if it was deleted meanwhile. One that cannot be read must not hide the others.
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
        catch (Exception e) when (e is BlobLostException or MalformedObjectException)
        {
            log.LogWarning("A search leaves out object {Object}: {Reason}", stored.Digest, e.Message);
            return [];
        }
        finally
        {
            request.Memory.Release(stored.SizeBytes);
        }
    }
}
