using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Opened;

/// <summary>Opened kernel BTF: memory-mapped, shared by all requests, bounded by bytes, opened once however many ask at once.</summary>
internal sealed class BtfCache : IDisposable
{
    private readonly BtfOpener _opener;
    private readonly ModuleNameFiles _names;
    private readonly Quarantine _quarantine;
    private readonly long _maxBytes;
    private readonly ILogger<BtfCache> _log;
    private readonly Lock _lock = new();
    private readonly Dictionary<Key, LinkedListNode<Slot>> _slots = [];
    private readonly LinkedList<Slot> _recent = []; // the most recently used first
    private long _bytes;
    private long _passingBytes;

    public BtfCache(ArchiveFolders folders, Quarantine quarantine, IOptions<CacheOptions> options, ILogger<BtfCache> log) =>
        (_opener, _names, _quarantine, _maxBytes, _log) = (new(folders, log), new(folders, log), quarantine, options.Value.Bytes, log);

    /// <summary>Bytes of all opened BTF and their indexes, those in use included.</summary>
    public long BytesOpen
    {
        get { lock (_lock) return _bytes; }
    }

    /// <summary>Opens the BTF with this digest. Dispose the lease when done: its bytes are unmapped after the last one.</summary>
    /// <param name="btf">The digest.</param>
    /// <param name="keep">Whether it stays open for the next who asks. Not where one pass goes over thousands of kernels: they would put out those that nodes ask for.</param>
    /// <returns>Null where the archive has no such BTF.</returns>
    /// <exception cref="CorruptBlobException">The stored bytes are not the ones that were stored; the file is in quarantine now.</exception>
    public BtfLease? Open(Digest btf, bool keep = true) => Use(new(btf, null), keep) is { } slot ? Lease(slot) : null;

    /// <summary>As <see cref="Open"/>, for whoever passes the bytes on: all of them are read, once an opening, and are the ones that were stored.</summary>
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
            Return(slot);
            throw;
        }
    }

    /// <summary>Reads all of a kernel's BTF, and its modules' as far as they are open, because what they say makes no sense.</summary>
    /// <exception cref="CorruptBlobException">One is not what was stored; its file is in quarantine now.</exception>
    internal void CheckOpened(Kernel kernel)
    {
        List<Slot> slots;
        lock (_lock)
        {
            slots = [.. _recent.Where(s => s.Key.Btf == kernel.Btf || (s.Key.Base?.Key.Btf == kernel.Btf && kernel.ModuleBtf.Any(m => m.Btf == s.Key.Btf)))];
            slots.ForEach(slot => slot.Users++);
        }

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
            slots.ForEach(Return);
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

    private BtfLease Lease(Slot slot) => new(slot.Opened.Value!.Types, slot.Opened.Value.Blob.Memory, () => Return(slot));

    /// <summary>The opened slot, which counts one user more; null where there is no such BTF.</summary>
    private Slot? Use(Key key, bool keep)
    {
        while (true)
        {
            var slot = Take(key, keep);
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
                    Count(slot, opened);
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

            // Somebody wrote over the file, or took it away: what is mapped is not what was looked at when it was opened.
            LetGo(slot);
        }
    }

    private void LetGo(Slot slot)
    {
        Forget(slot);
        Return(slot);
    }

    private void Check(Slot slot)
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
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var slot in _recent.ToList()) Remove(slot);
        }
    }

    /// <summary>Lets go of a BTF that left the archive; those who use it keep it until they are done.</summary>
    internal void Forget(Digest btf)
    {
        lock (_lock)
        {
            // A module's BTF may be opened on several kernels'.
            foreach (var slot in _recent.Where(slot => slot.Key.Btf == btf).ToList()) Remove(slot);
        }
    }

    private void Forget(Slot slot)
    {
        lock (_lock) Remove(slot);
    }

    private Slot Take(Key key, bool keep)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(key, out var node))
            {
                _slots[key] = node = new(new Slot(this, key));
                _recent.AddLast(node);
            }

            // Who only passes leaves no trace: what is there keeps its place.
            if (keep)
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                Keep(node.Value);
            }

            node.Value.Users++;
            return node.Value;
        }
    }

    private void Keep(Slot slot)
    {
        if (slot.IsKept) return;
        slot.IsKept = true;
        _passingBytes -= slot.Bytes;
    }

    private OpenedBtf? OpenFiles(Key key)
    {
        if (_opener.Open(key.Btf, key.Base?.Opened.Value) is not { } opened) return null;
        // A module's types read on in its kernel's, which so stays open as long. Who opens the module uses the kernel, so that it is open now.
        if (key.Base is { } kernel)
        {
            lock (_lock) kernel.Users++;
        }

        _log.LogDebug("BTF {Btf} opened, {Bytes} bytes", key.Btf, opened.SizeBytes);
        return opened;
    }

    private void Count(Slot slot, OpenedBtf opened)
    {
        lock (_lock)
        {
            if (slot.Bytes != 0 || slot.IsRemoved) return;
            slot.Bytes = opened.SizeBytes;
            _bytes += slot.Bytes;
            if (!slot.IsKept) _passingBytes += slot.Bytes;
            Trim();
        }
    }

    private void Return(Slot slot)
    {
        lock (_lock)
        {
            slot.Users--;
            if (slot.IsRemoved && slot.Users == 0) slot.Close();
            else if (!slot.IsKept && slot.Users == 0) Remove(slot);
            else Trim();
        }
    }

    // What is in use stays open, whatever the bound; it is closed when it comes back.
    private void Trim()
    {
        for (var node = _recent.Last; node is not null && _bytes - _passingBytes > _maxBytes;)
        {
            var before = node.Previous;
            if (node.Value.Users == 0) Remove(node.Value);
            node = before;
        }
    }

    private void Remove(Slot slot)
    {
        if (slot.IsRemoved) return;
        slot.IsRemoved = true;
        _recent.Remove(_slots[slot.Key]);
        _slots.Remove(slot.Key);
        _bytes -= slot.Bytes;
        if (!slot.IsKept) _passingBytes -= slot.Bytes;
        if (slot.Users == 0) slot.Close();
    }

    /// <summary>What is opened: a BTF, and for a module the opened BTF of the kernel it stands on. A kernel that is closed and opened again is another one.</summary>
    private readonly record struct Key(Digest Btf, Slot? Base);

    /// <summary>A BTF in the cache. All but <see cref="Opened"/> is guarded by the cache's lock.</summary>
    private sealed class Slot
    {
        private readonly BtfCache _cache;

        public Slot(BtfCache cache, Key key) => (_cache, Key, Opened) = (cache, key, new(() => cache.OpenFiles(key)));

        public Key Key { get; }
        public Lazy<OpenedBtf?> Opened { get; }
        public int Users { get; set; }
        public long Bytes { get; set; }
        public bool IsRemoved { get; set; }
        public bool IsKept { get; set; }

        public void Close()
        {
            if ((Bytes == 0 && !Opened.IsValueCreated) || Opened.Value is not { } opened) return;
            opened.Dispose();
            if (Key.Base is { } kernel) _cache.Return(kernel);
        }
    }
}
