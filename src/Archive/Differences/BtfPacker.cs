using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.PackedArchive;
using Relo.Archive.Settings;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Differences;

/// <summary>
/// Stores the BTF of kernels as differences to that of similar kernels. The raw bytes are deleted last: after the packed ones are on the
/// disk and were read back. A process that ends in between leaves both, and the next pass deletes the raw ones.
/// </summary>
internal sealed class BtfPacker(
    KernelIndex kernels, ArchiveBlobs blobs, ArchiveWriter writer, IIndexEngine engine, IOptions<ArchiveOptions> options,
    TimeProvider clock, ILogger<BtfPacker> log)
{
    /// <summary>The lock that a node holds while it packs or deletes packed BTF.</summary>
    public const string LockName = "packing";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(10);

    private readonly PackedBlobs _btf = blobs.Btf;
    private readonly ConcurrentDictionary<Digest, DateTimeOffset> _failed = new();
    private readonly HashSet<Digest> _done = []; // BTF without raw bytes, as far as this process knows
    private readonly HashSet<Digest> _differences = []; // BTF that is stored as a difference, as far as it knows

    /// <summary>Number of BTF that this process packed.</summary>
    public long Packed { get; private set; }

    /// <summary>Their raw size.</summary>
    public long RawBytes { get; private set; }

    /// <summary>Their packed size.</summary>
    public long PackedBytes { get; private set; }

    /// <summary>Packs what is old enough, one kernel at a time. Nodes do not pack at the same time.</summary>
    /// <param name="rests">Whether it leaves the processor to others for half of the time.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The number packed.</returns>
    public async Task<int> PackAsync(bool rests, CancellationToken ct)
    {
        if (Due() is { Count: 0 }) return 0;
        await using var alone = await engine.TryLockAsync(LockName, ct);
        if (alone is null) return 0;
        var raw = (await _btf.Raw.SizesAsync(ct)).Keys.ToHashSet();
        var due = Due();
        _done.UnionWith(due.Where(btf => !raw.Contains(btf)));
        due.IntersectWith(raw);
        if (due.Count == 0) return 0;
        var packed = 0;
        foreach (var line in kernels.Matching(new()).GroupBy(kernel => (kernel.Distro, kernel.Arch)))
        {
            List<Digest> ordered =
                [.. line.OrderBy(kernel => kernel.Release, NaturalOrder.Instance).Select(kernel => kernel.Btf).Distinct()];
            if (ordered.Exists(due.Contains)) packed += await PackLineAsync(ordered, due, rests, ct);
        }

        if (packed > 0) log.LogInformation("The BTF of {Count} kernels was packed", packed);
        return packed;
    }

    private HashSet<Digest> Due()
    {
        var now = clock.GetUtcNow();
        var all = kernels.Matching(new()).ToLookup(kernel => kernel.Btf, kernel => kernel.AddedAt);
        _done.RemoveWhere(btf => !all.Contains(btf));
        _differences.RemoveWhere(btf => !all.Contains(btf));
        return [.. all.Where(added => !_done.Contains(added.Key) && added.All(at => now - at >= options.Value.PackAfter)
            && !(_failed.TryGetValue(added.Key, out var failedAt) && now - failedAt <= RetryAfter)).Select(added => added.Key)];
    }

    /// <summary>Packs BTF of one distribution and architecture, in the order of releases: neighbours are alike.</summary>
    private async Task<int> PackLineAsync(List<Digest> line, HashSet<Digest> due, bool rests, CancellationToken ct)
    {
        var (like, numbered, packed) = (new LikeKernels(), new List<Digest>(), 0);
        foreach (var btf in line.Take(line.FindLastIndex(due.Contains) + 1))
        {
            ct.ThrowIfCancellationRequested();
            var isDue = due.Contains(btf);
            // What is stored as a base and has raw bytes as well stays a base: others may need it.
            var isBase = await IsBaseAsync(btf, ct);
            if (!isDue && !isBase) continue;
            var began = Stopwatch.GetTimestamp();
            try
            {
                using var blob = await (isDue ? _btf.Raw : _btf).ReadAsync(btf, ct);
                if (blob is null) continue;
                var number = like.BaseOf(BtfReader.Read(blob.Memory), isBase);
                numbered.Add(btf);
                if (isDue && await PackAsync(btf, blob.Memory, numbered[number], ct)) packed++;
            }
            catch (Exception e) when (e is CorruptBlobException or MalformedObjectException)
            {
                if (isDue) Failed(btf, e.Message); // a damaged base is reported when it is used
            }
            catch (Exception e) when (StorageFault.Of(e) is not null)
            {
                Failed(btf, e.Message);
                break; // a full disk has no room for the others either; the next pass continues with them
            }

            if (rests) await Task.Delay(Stopwatch.GetElapsedTime(began), ct);
        }

        return packed;
    }

    private async Task<bool> IsBaseAsync(Digest btf, CancellationToken ct)
    {
        if (_differences.Contains(btf)) return false;
        var stored = await _btf.FindAsync(btf, ct);
        if (stored is { Form: StoredForm.Difference }) _differences.Add(btf);
        return stored is { Form: StoredForm.Base };
    }

    private async Task<bool> PackAsync(Digest btf, ReadOnlyMemory<byte> bytes, Digest known, CancellationToken ct)
    {
        var isBase = known == btf;
        if (!await IsPackedAsync(btf, bytes, isBase, ct))
        {
            // A base that could not be packed a moment ago is no base.
            (Digest Btf, byte[] Form)? neighbour =
                isBase ? null : await _btf.Unpacker.FormAsync(known, ct) is { } form ? (known, form) : null;
            var stored = await Task.Run(() => PackedBlob.Pack(btf, bytes.Span, neighbour), ct);
            await _btf.Packed.PutAsync(btf, stored, ct);
            if (!await IsPackedAsync(btf, bytes, isBase, ct))
            {
                Failed(btf, "what was packed does not unpack to the same bytes");
                return false;
            }

            (Packed, RawBytes, PackedBytes) = (Packed + 1, RawBytes + bytes.Length, PackedBytes + stored.Length);
        }

        if (!await writer.WriteAsync(db => KeepPackedAsync(db, btf), _ => { }, ct)) return false;
        _done.Add(btf);
        return true;
    }

    private async Task<bool> IsPackedAsync(Digest btf, ReadOnlyMemory<byte> bytes, bool isBase, CancellationToken ct)
    {
        try
        {
            using var unpacked = await _btf.Unpacker.ReadAsync(btf, ct);
            return unpacked is not null && unpacked.Bytes.SequenceEqual(bytes.Span)
                && !(isBase && await _btf.FindAsync(btf, ct) is { Form: StoredForm.Difference });
        }
        catch (CorruptBlobException)
        {
            return false;
        }
    }

    // During this transaction, no process adds or deletes a kernel. The base must be in use: an unused one may be about to be deleted.
    private async Task<bool> KeepPackedAsync(ArchiveDb db, Digest btf)
    {
        var isUsed = await IsUsedAsync(db, btf);
        if (isUsed && await _btf.FindAsync(btf, CancellationToken.None) is { } stored
            && (stored.Base is not { } known || (await IsUsedAsync(db, known)
                && await _btf.FindAsync(known, CancellationToken.None) is { Form: StoredForm.Base })))
        {
            await _btf.Raw.DeleteAsync(btf, CancellationToken.None);
            return true;
        }

        // The kernel was deleted, or its base was. A base stays for others.
        if ((!isUsed || await _btf.Raw.HasAsync(btf, CancellationToken.None))
            && await _btf.FindAsync(btf, CancellationToken.None) is { Form: StoredForm.Difference })
            await _btf.Packed.DeleteAsync(btf, CancellationToken.None);
        return false;
    }

    private static Task<bool> IsUsedAsync(ArchiveDb db, Digest btf) => db.Kernels.AnyAsync(kernel => kernel.Btf == btf.Hex);

    private void Failed(Digest btf, string reason)
    {
        _failed[btf] = clock.GetUtcNow();
        log.LogWarning("BTF {Btf} cannot be packed and stays as it is: {Reason}", btf, reason);
    }
}
