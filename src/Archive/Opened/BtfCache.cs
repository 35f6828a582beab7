using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Opened;

/// <summary>Opened kernel BTF: memory-mapped, shared by all requests, bounded by bytes. Concurrent callers share a single opening.</summary>
internal sealed class BtfCache : IDisposable
{
    private readonly BtfOpener _opener;
    private readonly ModuleNameFiles _names;
    private readonly Quarantine _quarantine;
    private readonly ILogger<BtfCache> _log;
    private readonly BtfSlots _slots;

    public BtfCache(ArchiveFolders folders, Quarantine quarantine, IOptions<CacheOptions> options, ILogger<BtfCache> log)
    {
        (_opener, _names, _quarantine, _log) = (new(folders, log), new(folders, log), quarantine, log);
        _slots = new(options.Value.Bytes, OpenFiles);
    }

    /// <summary>Bytes of all opened BTF and their indexes, those in use included.</summary>
    public long BytesOpen => _slots.BytesOpen;

    /// <summary>Opens the BTF with this digest. Dispose the lease when done: its bytes are unmapped after the last one.</summary>
    /// <param name="btf">The digest.</param>
    /// <param name="keep">Whether it stays open for the next caller. False for a pass over thousands of kernels, which would evict those that nodes ask for.</param>
    /// <returns>Null where the archive has no such BTF.</returns>
    /// <exception cref="CorruptBlobException">The stored bytes are not the ones that were stored; the file is in quarantine now.</exception>
    public BtfLease? Open(Digest btf, bool keep = true) => Use(new(btf, null), keep) is { } slot ? Lease(slot) : null;

    /// <summary>As <see cref="Open"/>, for callers that send the bytes: all of them are read, once for each opening, and are the ones that were stored.</summary>
    /// <exception cref="CorruptBlobException">They are not; the file is in quarantine now.</exception>
    internal BtfLease? OpenWhole(Digest btf)
    {
        if (Use(new(btf, null), keep: true) is not { } slot) return null;
        try
        {
            Check(slot);
            return Lease(slot);
        }
        catch
        {
            _slots.Return(slot);
            throw;
        }
    }

    /// <summary>Reads all of a kernel's BTF, and its modules' as far as they are open, because what they say makes no sense.</summary>
    /// <exception cref="CorruptBlobException">One is not what was stored; its file is in quarantine now.</exception>
    internal void CheckOpened(Kernel kernel)
    {
        var slots = _slots.TakeAll(key => key.Btf == kernel.Btf || (key.Base?.Key.Btf == kernel.Btf && kernel.ModuleBtf.Any(m => m.Btf == key.Btf)));
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

    /// <summary>Opens the BTF of a kernel, and those of its modules when they are asked for.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="keep">As for <see cref="Open"/>.</param>
    /// <returns>Null where the archive has no such BTF.</returns>
    /// <exception cref="CorruptBlobException">The stored bytes are not the ones that were stored.</exception>
    public KernelLease? OpenWithModules(Kernel kernel, bool keep = true) => Use(new(kernel.Btf, null), keep) is { } slot
        ? new KernelLease(
            Lease(slot),
            kernel.ModuleBtf,
            module => Use(new(module.Btf, slot), keep) is { } opened ? Lease(opened) : throw new MissingModuleException(module),
            () => _names.Open(kernel, slot.Opened.Value!.Types))
        : null;

    /// <summary>Keeps what an import found out about the names in a kernel's modules.</summary>
    internal void PutModuleNames(Kernel kernel, IReadOnlyDictionary<string, uint[]> hashes) => _names.Put(kernel, hashes);

    private BtfLease Lease(BtfSlot slot) => new(slot.Opened.Value!.Types, slot.Opened.Value.Blob.Memory, () => _slots.Return(slot));

    /// <summary>The opened slot, which counts one user more; null where there is no such BTF.</summary>
    private BtfSlot? Use(BtfSlotKey key, bool keep)
    {
        while (true)
        {
            var slot = _slots.Take(key, keep);
            try
            {
                var wasOpen = slot.Opened.IsValueCreated;
                // Outside the lock: opening takes milliseconds, and Lazy lets one caller work while the others of this BTF wait.
                if (slot.Opened.Value is not { } opened)
                {
                    LetGo(slot); // it may be added later
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
                _quarantine.SetAside(e);
                LetGo(slot);
                throw;
            }
            catch
            {
                LetGo(slot);
                throw;
            }

            // The file was overwritten or deleted: what is mapped is no longer what was opened.
            LetGo(slot);
        }
    }

    private void LetGo(BtfSlot slot)
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
            _quarantine.SetAside(e);
            Forget(slot.Key.Btf);
            throw;
        }
    }

    /// <summary>Closes everything that is not in use.</summary>
    public void Dispose() => _slots.Forget(_ => true);

    /// <summary>Lets go of a BTF that left the archive, also where a module's is opened on several kernels'; its users keep it until they are done.</summary>
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
