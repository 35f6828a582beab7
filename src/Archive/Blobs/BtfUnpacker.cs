using Relo.Archive.Faults;
using Relo.Core.Bytes;
using Relo.Core.StableForms;
using ZstdSharp;

namespace Relo.Archive.Blobs;

/// <summary>Restores packed BTF, and checks its digest.</summary>
/// <param name="raw">BTF that is not packed: a base may be.</param>
/// <param name="packed">Packed BTF.</param>
internal sealed class BtfUnpacker(IBlobStore raw, IBlobStore packed)
{
    // Kernels of one line are often opened one after another.
    private const int MostForms = 2;

    private const int MostDeep = 1;

    private readonly Lock _lock = new();
    private readonly List<(Digest Btf, byte[] Form)> _forms = []; // the last used one last
    private UnpackingSpace? _spare;

    /// <summary>What is stored for a packed BTF.</summary>
    /// <returns>Null if it is not packed.</returns>
    /// <exception cref="CorruptBlobException">The stored bytes are damaged.</exception>
    public async Task<PackedBlob?> FindAsync(Digest btf, CancellationToken ct)
    {
        using var stored = await packed.ReadAsync(btf, ct);
        if (stored is null) return null;
        // Not Archive:BtfBytes: what was stored under a larger limit stays readable.
        return PackedBlob.Read(stored.Memory.ToArray(), Array.MaxLength)
            ?? throw Damaged(btf, "has a form or size that this version does not read");
    }

    /// <summary>The raw bytes of a packed BTF.</summary>
    /// <returns>Null if it is not packed.</returns>
    /// <exception cref="CorruptBlobException">It, or the BTF that it is a difference to, is damaged or missing.</exception>
    public Task<UnpackedBtf?> ReadAsync(Digest btf, CancellationToken ct) => ReadAsync(btf, MostDeep, ct);

    private async Task<UnpackedBtf?> ReadAsync(Digest btf, int depth, CancellationToken ct)
    {
        if (await FindAsync(btf, ct) is not { } stored) return null;
        var known = stored.Base is { } neighbour ? await BaseFormAsync(btf, neighbour, depth, ct) : null;
        var space = Interlocked.Exchange(ref _spare, null) ?? new();
        try
        {
            var bytes = Read(stored, blob => space.Unpack(blob, known));
            if (Digest.Of(bytes.Span) is var found && found != btf) throw new CorruptBlobException(packed.NameOf(btf), btf, found);
            return new(bytes, () => Release(space));
        }
        catch
        {
            Release(space);
            throw;
        }
    }

    private void Release(UnpackingSpace space)
    {
        if (!space.IsLarge) Volatile.Write(ref _spare, space);
    }

    /// <summary>The stable form of a BTF to which others may be stored as differences.</summary>
    /// <returns>Null if it is not stored as a base.</returns>
    /// <exception cref="CorruptBlobException">It is damaged.</exception>
    public async Task<byte[]?> FormAsync(Digest btf, CancellationToken ct)
    {
        lock (_lock)
        {
            if (_forms.FindIndex(form => form.Btf == btf) is >= 0 and var at)
            {
                var known = _forms[at];
                _forms.RemoveAt(at);
                _forms.Add(known);
                return known.Form;
            }
        }

        if (await FindAsync(btf, ct) is not { Form: StoredForm.Base } stored) return null;
        var form = Read(stored, blob => blob.UnpackForm(known: null));
        lock (_lock)
        {
            if (_forms.Count == MostForms) _forms.RemoveAt(0);
            _forms.Add((btf, form));
        }

        return form;
    }

    // A base that was damaged may have been added again, and is then raw until it is packed.
    // If its file was deleted by hand, it may have been stored as a difference since.
    private async Task<byte[]> BaseFormAsync(Digest btf, Digest neighbour, int depth, CancellationToken ct)
    {
        var reason = "is missing";
        try
        {
            if (await FormAsync(neighbour, ct) is { } form) return form;
        }
        catch (CorruptBlobException e)
        {
            reason = $"is damaged ({e.Message})";
        }

        try
        {
            using var bytes = await raw.ReadAsync(neighbour, ct);
            if (bytes is not null && StableForm.Write(bytes.Memory.Span) is { } form) return form;
            using var unpacked = depth > 0 ? await ReadAsync(neighbour, depth - 1, ct) : null;
            if (unpacked is not null && StableForm.Write(unpacked.Bytes) is { } known) return known;
        }
        catch (CorruptBlobException e)
        {
            reason = $"is damaged ({e.Message})";
        }

        throw Damaged(btf, $"is a difference to {neighbour}, which {reason}");
    }

    private T Read<T>(PackedBlob stored, Func<PackedBlob, T> unpack)
    {
        try
        {
            return unpack(stored);
        }
        catch (MalformedObjectException e)
        {
            throw Damaged(stored.Btf, $"has a damaged stable form: {e.Message}");
        }
        catch (ZstdException e)
        {
            throw Damaged(stored.Btf, $"has damaged bytes: {e.Message}");
        }
    }

    private CorruptBlobException Damaged(Digest btf, string how) => new(packed.NameOf(btf), btf, how);
}
