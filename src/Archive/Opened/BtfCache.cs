using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Damage;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.Settings;
using Relo.Core.Bytes;

namespace Relo.Archive.Opened;

/// <summary>Opened kernel BTF: memory-mapped, shared by all requests, bounded by bytes. Concurrent callers share one opening.</summary>
internal sealed class BtfCache : IDisposable
{
    private readonly BtfOpener _opener;
    private readonly ModuleNameFiles _names;
    private readonly Quarantine _quarantine;
    private readonly ILogger<BtfCache> _log;
    private readonly BtfSlots _slots;

    public BtfCache(ArchiveBlobs blobs, ArchiveFolders folders, Quarantine quarantine, IOptions<CacheOptions> options,
        ILogger<BtfCache> log)
    {
        (_opener, _names, _quarantine, _log) =
            (new(blobs.Btf, folders.Indexes, log), new(blobs.Btf, folders.Indexes, log), quarantine, log);
        _slots = new(options.Value.Bytes, OpenFiles);
    }

    /// <summary>Bytes of all opened BTF and their indexes, including those in use.</summary>
    public long BytesOpen => _slots.BytesOpen;

    /// <summary>
    /// Opens the BTF with this digest for a caller that sends the bytes: reads all of them once per opening and checks their digest.
    /// </summary>
    /// <returns>Null if the archive does not have the BTF.</returns>
    /// <exception cref="CorruptBlobException">The digest does not match; the file is in quarantine now.</exception>
    internal BtfLease? OpenWhole(Digest btf)
    {
        if (Use(new(btf, null), keep: true) is not { } slot) return null;
        try
        {
            Check(slot);
            return new BtfLease(slot, _slots.Return);
        }
        catch
        {
            _slots.Return(slot);
            throw;
        }
    }

    /// <summary>
    /// Checks the digests of a kernel's BTF and of the open split BTF based on it, after one of them proved malformed.
    /// </summary>
    /// <exception cref="CorruptBlobException">A digest does not match; the file is in quarantine now.</exception>
    internal void CheckOpened(Kernel kernel)
    {
        var slots = _slots.TakeAll(key => // its own, a module's, a module's inline sites
            key.Btf == kernel.Btf || key.Base?.Key.Btf == kernel.Btf || key.Base?.Key.Base?.Key.Btf == kernel.Btf);
        try
        {
            foreach (var slot in slots.Where(s => s.Opened.Value is not null))
            {
                slot.Opened.Value!.IsWhole = false;
                Check(slot);
            }
        }
        finally
        {
            slots.ForEach(_slots.Return);
        }
    }

    /// <summary>
    /// Opens the BTF of a kernel, and on demand those of its modules. Dispose the lease when done; the bytes are unmapped after the last
    /// lease.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="keep">
    /// Whether it stays open for the next caller. False for a pass over thousands of kernels, which would evict those that nodes need.
    /// </param>
    /// <returns>Null if the archive does not have the BTF.</returns>
    /// <exception cref="CorruptBlobException">The file does not hold the stored bytes.</exception>
    public BtfLease? OpenWithModules(Kernel kernel, bool keep = true) => Use(new(kernel.Btf, null), keep) is { } slot
        ? new BtfLease(
            slot,
            _slots.Return,
            kernel.ModuleBtf,
            module => Use(new(module.Btf, slot), keep) ?? throw new MissingModuleException(module),
            name => UseInlineSites(kernel, name, slot, keep),
            () => _names.Open(kernel, slot.Opened.Value!.Types))
        : null;

    /// <summary>Stores the table of names in a kernel's modules that an import computed.</summary>
    internal void PutModuleNames(Kernel kernel, IReadOnlyDictionary<string, uint[]> hashes) => _names.Put(kernel, hashes);

    // Only the evidence of checks reads inline sites, so nothing else fails if they are damaged. They are in quarantine then, and the
    // kernel lists them as damaged.
    private BtfSlot? UseInlineSites(Kernel kernel, string name, BtfSlot own, bool keep)
    {
        if (kernel.InlineBtf.Find(InlineSites.NameOf(name)) is not { } sites) return null;
        BtfSlot? module = null;
        try
        {
            if (name != InlineSites.Kernel && (module = UseModule(kernel, name, own, keep)) is null) return null;
            return Use(new(sites.Btf, module ?? own), keep);
        }
        catch (CorruptBlobException)
        {
            return null;
        }
        finally
        {
            if (module is not null) _slots.Return(module); // the sites hold it
        }
    }

    private BtfSlot? UseModule(Kernel kernel, string name, BtfSlot own, bool keep) =>
        kernel.ModuleBtf.Find(name) is { } module ? Use(new(module.Btf, own), keep) : null;

    /// <summary>The opened slot, with one more user; null if the BTF does not exist.</summary>
    private BtfSlot? Use(BtfSlotKey key, bool keep)
    {
        while (true)
        {
            var slot = _slots.Take(key, keep);
            try
            {
                var wasOpen = slot.Opened.IsValueCreated;
                // Outside the lock: opening takes milliseconds, and Lazy makes other callers for this BTF wait for the first one only.
                if (slot.Opened.Value is not { } opened)
                {
                    Release(slot); // it may be added later
                    return null;
                }

                if (!wasOpen || _opener.IsAsOpened(opened))
                {
                    _slots.Count(slot, opened.SizeBytes);
                    return slot;
                }
            }
            catch (CorruptBlobException e)
            {
                _quarantine.SetAsideAsync(e).GetAwaiter().GetResult(); // rare; opening is synchronous
                Release(slot);
                throw;
            }
            catch
            {
                Release(slot);
                throw;
            }

            // The file was overwritten or deleted, so the mapping no longer has the bytes that were opened.
            Release(slot);
        }
    }

    private void Release(BtfSlot slot)
    {
        _slots.Forget(slot);
        _slots.Return(slot);
    }

    private void Check(BtfSlot slot)
    {
        try
        {
            _opener.Check(slot.Opened.Value!);
        }
        catch (CorruptBlobException e)
        {
            _quarantine.SetAsideAsync(e).GetAwaiter().GetResult(); // rare; opening is synchronous
            Forget(slot.Key.Btf);
            throw;
        }
    }

    /// <summary>Closes all BTF not in use.</summary>
    public void Dispose() => _slots.Forget(_ => true);

    /// <summary>
    /// Closes a BTF that was removed from the archive, including a module's that is opened on several kernels; current users keep it until
    /// they finish.
    /// </summary>
    internal void Forget(Digest btf) => _slots.Forget(key => key.Btf == btf);

    private OpenedBtf? OpenFiles(BtfSlotKey key)
    {
        if (_opener.Open(key.Btf, key.Base?.Opened.Value) is not { } opened) return null;
        // A module's split BTF keeps its kernel's BTF open. The caller uses the kernel, so it is open now.
        if (key.Base is { } kernel) _slots.Hold(kernel);
        _log.LogDebug("BTF {Btf} opened, {Bytes} bytes", key.Btf, opened.SizeBytes);
        return opened;
    }
}
