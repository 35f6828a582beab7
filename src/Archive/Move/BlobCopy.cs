using System.Collections.Concurrent;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Archive.Move;

/// <summary>Copies blobs of one kind from one store to another; both ends check the digest.</summary>
internal sealed class BlobCopy(IBlobStore from, IBlobStore to)
{
    private const int MostAtOnce = 8;

    private int _copied;
    private long _bytes;

    /// <summary>Blobs copied.</summary>
    public int Copied => _copied;

    /// <summary>Their bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Copies those that the target lacks.</summary>
    /// <returns>The blobs that are lost or damaged, with the reason.</returns>
    public async Task<IReadOnlyDictionary<Digest, string>> RunAsync(IEnumerable<(Digest Digest, long SizeBytes)> blobs,
        CancellationToken ct)
    {
        var lost = new ConcurrentDictionary<Digest, string>();
        var parallel = new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = MostAtOnce };
        await Parallel.ForEachAsync(blobs.DistinctBy(blob => blob.Digest), parallel, async (blob, stop) =>
        {
            if (await CopyAsync(blob.Digest, blob.SizeBytes, stop) is { } reason) lost[blob.Digest] = reason;
        });
        return lost;
    }

    private async Task<string?> CopyAsync(Digest digest, long sizeBytes, CancellationToken ct)
    {
        if (await to.SizeOfAsync(digest, ct) == sizeBytes) return null; // a blob under its name is complete
        try
        {
            using var blob = await from.ReadAsync(digest, ct);
            if (blob is null) return $"there is no {from.NameOf(digest)}";
            await to.PutAsync(digest, blob.Memory, ct);
            Interlocked.Increment(ref _copied);
            Interlocked.Add(ref _bytes, blob.Memory.Length);
            return null;
        }
        catch (CorruptBlobException e)
        {
            return e.Message;
        }
    }
}
