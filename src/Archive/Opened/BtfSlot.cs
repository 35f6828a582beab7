namespace Relo.Archive.Opened;

/// <summary>A BTF in the cache. The lock of <see cref="BtfSlots"/> guards everything except <see cref="Opened"/>.</summary>
internal sealed class BtfSlot(BtfSlotKey key, Func<BtfSlotKey, OpenedBtf?> open)
{
    public BtfSlotKey Key => key;

    /// <summary>The opened files; null if there are none. Lazy, so that concurrent callers open them once.</summary>
    public Lazy<OpenedBtf?> Opened { get; } = new(() => open(key));

    /// <summary>The number of leases and opened modules that use it.</summary>
    public int Users { get; set; }

    /// <summary>Its size as counted by the cache; 0 until it is open.</summary>
    public long Bytes { get; set; }

    /// <summary>Whether it was removed from the cache; it is closed after its last user.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Whether it stays open without users.</summary>
    public bool IsKept { get; set; }
}
