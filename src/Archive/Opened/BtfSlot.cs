namespace Relo.Archive.Opened;

/// <summary>A BTF in the cache. Everything but <see cref="Opened"/> is guarded by the lock of <see cref="BtfSlots"/>.</summary>
internal sealed class BtfSlot(BtfSlotKey key, Func<BtfSlotKey, OpenedBtf?> open)
{
    public BtfSlotKey Key => key;

    /// <summary>The opened files; null where there are none. Lazy, so that concurrent callers open them once.</summary>
    public Lazy<OpenedBtf?> Opened { get; } = new(() => open(key));

    /// <summary>How many leases and opened modules use it.</summary>
    public int Users { get; set; }

    /// <summary>What it counts for in the cache; 0 until it is open.</summary>
    public long Bytes { get; set; }

    /// <summary>Whether it left the cache; it is closed after its last user.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Whether it stays open without users.</summary>
    public bool IsKept { get; set; }
}
