using System.Runtime.CompilerServices;
using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// BTF of which most is stored packed. Callers do not notice: they store raw bytes, and what is packed is unpacked into the cache on this
/// machine's disk. Where a BTF is both raw and packed, the raw bytes are used: they are newer, or about to be deleted.
/// </summary>
internal sealed class PackedBlobs : IBlobStore, IDisposable
{
    private readonly IBlobStore _raw, _packed;
    private readonly LocalCopies _copies;
    private readonly BtfUnpacker _unpacker;
    private readonly SharedFetches<Digest, bool> _unpacking = new();

    /// <param name="raw">BTF as it is.</param>
    /// <param name="packed">Packed BTF, named by the digest of the raw bytes (<see cref="PackedBlob.NameOf"/>).</param>
    /// <param name="copies">Unpacked BTF on this machine.</param>
    public PackedBlobs(IBlobStore raw, IBlobStore packed, LocalCopies copies) =>
        (_raw, _packed, _copies, _unpacker) = (raw, packed, copies, new(raw, packed));

    /// <summary>BTF that is not packed.</summary>
    public IBlobStore Raw => _raw;

    /// <summary>Packed BTF.</summary>
    public IBlobStore Packed => _packed;

    /// <summary>Reads packed BTF.</summary>
    public BtfUnpacker Unpacker => _unpacker;

    public string NameOf(BlobPlace place) => _raw.NameOf(place);

    // Of blobs in a remote store, it is unknown which one exists.
    public string NameOf(Digest digest, BlobPlace place = BlobPlace.Stored) =>
        _raw.NameOf(digest, place) is var name && !File.Exists(name) && File.Exists(_packed.NameOf(digest, place))
            ? _packed.NameOf(digest, place)
            : name;

    public async Task PrepareAsync(CancellationToken ct)
    {
        await _raw.PrepareAsync(ct);
        if (_packed is FileBlobs) await _packed.PrepareAsync(ct); // a bucket was probed already
    }

    public int Sweep() => _raw.Sweep() + _packed.Sweep() + _copies.Sweep();

    public Task<string> ProbeAsync(CancellationToken ct) => _raw.ProbeAsync(ct);

    public async Task<long?> SizeOfAsync(Digest digest, CancellationToken ct, BlobPlace place = BlobPlace.Stored) =>
        await _raw.SizeOfAsync(digest, ct, place) ?? await _packed.SizeOfAsync(digest, ct, place);

    public async IAsyncEnumerable<StoredBlob> ListAsync(BlobPlace place, [EnumeratorCancellation] CancellationToken ct)
    {
        // Packed ones first: one that is packed meanwhile is then seen raw, packed or both, but never missed.
        var packed = await _packed.SizesAsync(ct, place);
        await foreach (var blob in _raw.ListAsync(place, ct))
        {
            packed.Remove(blob.Digest);
            yield return blob;
        }

        foreach (var (digest, size) in packed) yield return new(digest, size);
    }

    public async Task PutAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var isPacked = !await _raw.HasAsync(digest, ct) && await _packed.HasAsync(digest, ct);
        if (isPacked && await IsPackedAsAsync(digest, bytes, ct)) return;
        await _raw.PutAsync(digest, bytes, ct);
        // It was packed and is damaged. Others may be stored as differences to it, so it must stay even if its kernel is deleted.
        if (isPacked || await _packed.HasAsync(digest, ct, BlobPlace.Quarantined))
            await _packed.PutAsync(digest, PackedBlob.Pack(digest, bytes.Span, known: null, isQuick: true), ct);
    }

    // Many small ones are modules, which are not packed.
    public Task<Digest[]> PutAllAsync(IReadOnlyList<ReadOnlyMemory<byte>> blobs, CancellationToken ct) => _raw.PutAllAsync(blobs, ct);

    /// <summary>
    /// Deletes a blob. A packed base stays, because others may be stored as differences to it; <see cref="BasesAsync"/> finds those.
    /// </summary>
    public async Task DeleteAsync(Digest digest, CancellationToken ct, BlobPlace place = BlobPlace.Stored)
    {
        await _raw.DeleteAsync(digest, ct, place);
        if (place != BlobPlace.Stored)
        {
            await _packed.DeleteAsync(digest, ct, place);
            return;
        }

        _copies.Delete(digest);
        if (await FindAsync(digest, ct) is { Form: not StoredForm.Base }) await _packed.DeleteAsync(digest, ct);
    }

    public async Task<bool> MoveAsync(Digest digest, BlobPlace from, BlobPlace to, CancellationToken ct)
    {
        var isMoved = await _raw.MoveAsync(digest, from, to, ct);
        if (!await _packed.MoveAsync(digest, from, to, ct)) return isMoved;
        if (to == BlobPlace.Stored && await FindAsync(digest, ct) is { Base: { } known } && !await this.HasAsync(known, ct))
            await MoveAsync(known, from, to, ct);
        return true;
    }

    public async Task<bool> SetAsideAsync(Digest digest, CancellationToken ct)
    {
        _copies.Delete(digest); // perhaps only the copy is damaged
        return await _raw.SetAsideAsync(digest, ct) || await _packed.SetAsideAsync(digest, ct);
    }

    public async Task<MappedBlob?> ReadAsync(Digest digest, CancellationToken ct)
    {
        if (await _raw.ReadAsync(digest, ct) is { } blob) return blob;
        using var unpacked = await _unpacker.ReadAsync(digest, ct);
        return unpacked is null ? null : InMemory(unpacked.Bytes);
    }

    public bool HasHere(Digest digest) => _raw.HasHere(digest) || _copies.Has(digest);

    public async Task FetchAsync(Digest digest, CancellationToken ct)
    {
        if (HasHere(digest)) return;
        await _raw.FetchAsync(digest, ct);
        if (_raw.HasHere(digest)) return;
        try
        {
            await UnpackHereAsync(digest).WaitAsync(ct); // a caller that cancels does not stop it for the others
        }
        catch (Exception e) when (e is CorruptBlobException || LocalCopies.IsOfDisk(e))
        {
            // Map reports the damage, or unpacks into memory.
        }
    }

    public MappedBlob? Map(Digest digest)
    {
        if (_raw.HasHere(digest) && _raw.Map(digest) is { } raw) return raw;
        if (_copies.Map(digest) is { } known) return known;
        try
        {
            // On this thread: a wait for another one of the pool could last long. Files are read synchronously.
            if (!UnpackAsync(digest, CancellationToken.None).GetAwaiter().GetResult()) return _raw.Map(digest);
            if (_copies.Map(digest) is { } copy) return copy; // else it was evicted immediately: the limit is very small
        }
        catch (Exception e) when (LocalCopies.IsOfDisk(e))
        {
            // The disk is full or read-only, which its own check reports.
        }

        return ReadAsync(digest, CancellationToken.None).GetAwaiter().GetResult();
    }

    // After packing, a raw file that was deleted stays mapped, and holds the same bytes.
    public bool IsAsMapped(Digest digest, MappedBlob blob) => _raw.IsAsMapped(digest, blob)
        || (!_raw.HasHere(digest) && _packed.HasHere(digest) && _copies.IsAsMapped(digest, blob));

    /// <summary>
    /// The BTF to which packed BTF is stored as a difference. All packed BTF, if some was written by a newer version: nothing that it may
    /// need is deleted. What is damaged needs nothing.
    /// </summary>
    public async Task<HashSet<Digest>> BasesAsync(CancellationToken ct)
    {
        var (all, bases) = ((await _packed.SizesAsync(ct)).Keys, new HashSet<Digest>());
        foreach (var digest in all)
        {
            try
            {
                using var stored = await _packed.ReadAsync(digest, ct);
                if (stored is null) continue; // deleted meanwhile
                if (PackedBlob.Read(stored.Memory, long.MaxValue) is not { } blob) return [.. all];
                if (blob.Base is { } known) bases.Add(known);
            }
            catch (CorruptBlobException)
            {
                continue;
            }
        }

        return bases;
    }

    /// <summary>Copies a packed BTF and its base to another archive as they are.</summary>
    /// <returns>False if it is not packed.</returns>
    /// <exception cref="CorruptBlobException">It is damaged.</exception>
    public async Task<bool> CopyPackedAsync(Digest digest, PackedBlobs target, CancellationToken ct)
    {
        if (await _raw.HasAsync(digest, ct)) return false;
        using (var sound = await _unpacker.ReadAsync(digest, ct))
            if (sound is null) return false;
        using var stored = await _packed.ReadAsync(digest, ct);
        if (stored is null || PackedBlob.Read(stored.Memory, long.MaxValue) is not { } blob) return false;
        // Raw bytes of the base in the target do not suffice: they are deleted with their kernel.
        if (blob.Base is { } known && await target.FindAsync(known, ct) is not { Form: StoredForm.Base }
            && !await CopyPackedAsync(known, target, ct))
            return false; // its base is raw here: the raw bytes are copied instead
        await target._packed.PutAsync(digest, stored.Memory, ct);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _unpacking.Dispose();
        (_raw as IDisposable)?.Dispose();
        (_packed as IDisposable)?.Dispose();
    }

    /// <summary>What is stored for a packed BTF; null if it is not packed, or damaged.</summary>
    public async Task<PackedBlob?> FindAsync(Digest digest, CancellationToken ct)
    {
        try
        {
            return await _unpacker.FindAsync(digest, ct);
        }
        catch (CorruptBlobException)
        {
            return null;
        }
    }

    private async Task<bool> IsPackedAsAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            using var known = await _unpacker.ReadAsync(digest, ct);
            return known is not null && known.Bytes.SequenceEqual(bytes.Span);
        }
        catch (CorruptBlobException)
        {
            return false;
        }
    }

    /// <summary>Unpacks a BTF to this machine's disk; concurrent callers share one operation.</summary>
    /// <returns>Whether it is packed.</returns>
    private Task<bool> UnpackHereAsync(Digest digest) => _unpacking.GetAsync(digest, stop => UnpackAsync(digest, stop));

    private async Task<bool> UnpackAsync(Digest digest, CancellationToken stop)
    {
        if (_copies.Has(digest)) return true; // unpacked after this caller looked
        using var unpacked = await _unpacker.ReadAsync(digest, stop);
        if (unpacked is null) return false;
        try
        {
            _copies.Write(digest, unpacked.Bytes);
        }
        catch (Exception e) when (LocalCopies.IsOfDisk(e) && _copies.MakeRoom())
        {
            _copies.Write(digest, unpacked.Bytes);
        }

        return true;
    }

    private static MappedBlob InMemory(ReadOnlySpan<byte> bytes)
    {
        var blob = MappedBlob.InMemory(bytes.Length);
        bytes.CopyTo(blob.GetSpan());
        return blob;
    }
}
