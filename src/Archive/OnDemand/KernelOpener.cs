using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Opened;
using Relo.Archive.Upstream;
using Relo.Core.Bytes;

namespace Relo.Archive.OnDemand;

/// <summary>
/// Opens a kernel's BTF to answer requests. Damaged or missing BTF is fetched again if the upstream archive has it; otherwise only this
/// kernel is unavailable, until it is added again.
/// </summary>
internal sealed class KernelOpener
{
    private readonly IBlobStore _btf;
    private readonly BtfCache _cache;
    private readonly KernelIndex _index;
    private readonly UpstreamRestore _restore;
    private const string Damaged = "is damaged";

    public KernelOpener(ArchiveBlobs blobs, BtfCache cache, KernelIndex index, UpstreamRestore restore) =>
        (_btf, _cache, _index, _restore) = (blobs.Btf, cache, index, restore);

    /// <summary>Number of BTF restored since the start.</summary>
    public long Restored => _restore.Restored;

    /// <summary>A kernel's BTF with its digest checked, so that it can be sent.</summary>
    /// <exception cref="BlobLostException">It is damaged or missing, and cannot be fetched again.</exception>
    /// <exception cref="KernelGoneException">The kernel was deleted meanwhile.</exception>
    public async Task<BtfLease> OpenAsync(Kernel kernel, CancellationToken ct) =>
        await RetryAsync(kernel, () => Task.FromResult(_cache.OpenWhole(kernel.Btf)), ct);

    /// <summary>The same by digest.</summary>
    /// <returns>Null if the archive does not have the BTF.</returns>
    /// <exception cref="BlobLostException">It is damaged or missing, and cannot be fetched again.</exception>
    public async Task<BtfLease?> OpenAsync(Digest btf, CancellationToken ct) =>
        _index.WithBtf(btf) is [var kernel, ..] ? await OpenAsync(kernel, ct) : await OpenStoredAsync(btf, ct);

    /// <summary>Opens a kernel and calls <paramref name="use"/> with it, scheduled by the caller.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="keep">Whether it stays open for the next caller, as for <see cref="BtfCache.OpenWithModules"/>.</param>
    /// <param name="run">Runs the work passed to it. Called again if the BTF was fetched again; not during that fetch.</param>
    /// <param name="use">
    /// Uses the kernel, with a cancellation token for the work; called again if its BTF was damaged and fetched again.
    /// </param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="BlobLostException">
    /// The kernel's BTF, or a needed module's, is damaged or missing, and cannot be fetched again.
    /// </exception>
    /// <exception cref="KernelGoneException">The kernel was deleted meanwhile.</exception>
    public async Task<T> UseAsync<T>(
        Kernel kernel, bool keep, Func<Func<CancellationToken, T?>, Task<T?>> run, Func<BtfLease, CancellationToken, T> use,
        CancellationToken ct)
        where T : class => await RetryAsync(kernel, () => run(stop => Use(kernel, keep, opened => use(opened, stop))), ct);

    private async Task<BtfLease?> OpenStoredAsync(Digest btf, CancellationToken ct)
    {
        await _btf.FetchAsync(btf, ct);
        return _cache.OpenWhole(btf);
    }

    private T? Use<T>(Kernel kernel, bool keep, Func<BtfLease, T> use)
        where T : class
    {
        using var lease = _cache.OpenWithModules(kernel, keep);
        if (lease is null) return null;
        try
        {
            return use(lease);
        }
        catch (MalformedObjectException e) when (e.Code == MalformedObjectException.InvalidBtf)
        {
            // It was sound when stored. Bytes that the index vouches for have not been read since.
            _cache.CheckOpened(kernel);
            throw;
        }
    }

    private async Task<T> RetryAsync<T>(Kernel kernel, Func<Task<T?>> attempt, CancellationToken ct)
        where T : class
    {
        var first = await TryAsync(kernel, attempt, damagedBefore: null, ct);
        if (first.Result is { } result) return result;
        var damaged = first.Damaged;
        if (damaged is not null)
        {
            // Perhaps only the copy on this machine was damaged; then the store still has the bytes.
            var again = await TryAsync(kernel, attempt, damaged, ct);
            if (again.Result is { } whole) return whole;
            damaged = again.Damaged ?? damaged;
        }

        if (await _restore.TryAsync(kernel.Btf, ct) is { } why)
            throw Lost(kernel.Btf, $"the BTF {kernel.Btf} of {kernel.Id} {first.How}, and {why}");
        var second = await TryAsync(kernel, attempt, damaged, ct);
        return second.Result
            ?? throw Lost(kernel.Btf, $"the BTF {kernel.Btf} of {kernel.Id} was fetched from the upstream archive and {second.How} again");
    }

    /// <param name="kernel">The kernel.</param>
    /// <param name="attempt">Opens and uses it; null if its BTF is missing.</param>
    /// <param name="damagedBefore">The BTF that an earlier attempt found damaged: its own or a module's; null for none.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The result; without one, how the kernel's BTF is unusable, and the BTF that is damaged, if that was seen.</returns>
    private async Task<Attempt<T>> TryAsync<T>(Kernel kernel, Func<Task<T?>> attempt, Digest? damagedBefore, CancellationToken ct)
        where T : class
    {
        Digest? damaged = null;
        try
        {
            await _btf.FetchAsync(kernel.Btf, ct); // so that opening does not wait on its thread
            if (await attempt() is { } result)
            {
                _index.Mark(kernel.Btf, isDamaged: false);
                return new(result, "", null);
            }
        }
        catch (CorruptBlobException e) when (e.Expected == kernel.Btf)
        {
            damaged = e.Expected;
        }
        catch (CorruptBlobException e) when (damagedBefore is null)
        {
            return new(null, Damaged, e.Expected);
        }
        catch (CorruptBlobException e) // a module's; upstream archives have no modules
        {
            throw Lost(e.Expected, $"the BTF {e.Expected} of a module of {kernel.Id} is damaged; add the module again");
        }
        catch (MissingModuleException e)
        {
            throw LostModule(kernel, e.Module, isDamaged: e.Module.Btf == damagedBefore);
        }

        if (_index.Find(kernel.Id)?.Btf != kernel.Btf) throw new KernelGoneException(kernel);
        _index.Mark(kernel.Btf, isDamaged: true);
        return new(null, damaged is null ? "is missing" : Damaged, damaged);
    }

    private Exception LostModule(Kernel kernel, KernelModule module, bool isDamaged)
    {
        if (_index.Find(kernel.Id)?.ModuleBtf.Contains(module) != true) return new KernelGoneException(kernel);
        var how = isDamaged ? Damaged : "is missing";
        return Lost(module.Btf, $"the BTF {module.Btf} of module {module.Name} of {kernel.Id} {how}; add the module again");
    }

    private BlobLostException Lost(Digest btf, string message)
    {
        _index.Mark(btf, isDamaged: true);
        return new(btf, message);
    }

    private sealed record Attempt<T>(T? Result, string How, Digest? Damaged)
        where T : class;
}
