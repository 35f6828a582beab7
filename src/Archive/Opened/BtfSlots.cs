namespace Relo.Archive.Opened;

/// <summary>
/// Tracks open BTF and its users. Beyond the byte limit it closes the least recently used BTF, but never BTF in use.
/// </summary>
/// <param name="maxBytes">The maximum number of bytes that stay open without users.</param>
/// <param name="open">Opens the files; runs outside the lock.</param>
internal sealed class BtfSlots(long maxBytes, Func<BtfSlotKey, OpenedBtf?> open)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BtfSlotKey, LinkedListNode<BtfSlot>> _slots = [];
    private readonly LinkedList<BtfSlot> _recent = []; // the most recently used first
    private long _bytes;
    private long _passingBytes;

    /// <summary>Bytes of everything open, in use or not.</summary>
    public long BytesOpen
    {
        get { lock (_lock) return _bytes; }
    }

    /// <summary>The slot of a key, with one more user.</summary>
    /// <param name="key">The key.</param>
    /// <param name="keep">Whether it stays open for the next user.</param>
    public BtfSlot Take(BtfSlotKey key, bool keep)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(key, out var node))
            {
                _slots[key] = node = new(new BtfSlot(key, open));
                _recent.AddLast(node);
            }

            // A passing user does not change the order of use.
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

    /// <summary>Adds a user to a slot that already has one.</summary>
    public void Hold(BtfSlot slot)
    {
        lock (_lock) slot.Users++;
    }

    /// <summary>All slots that meet a condition, with one more user each.</summary>
    public List<BtfSlot> TakeAll(Func<BtfSlotKey, bool> isMeant)
    {
        lock (_lock)
        {
            List<BtfSlot> slots = [.. _recent.Where(slot => isMeant(slot.Key))];
            slots.ForEach(slot => slot.Users++);
            return slots;
        }
    }

    /// <summary>Counts the bytes of a slot once it is open.</summary>
    public void Count(BtfSlot slot, long bytes)
    {
        lock (_lock)
        {
            if (slot.Bytes != 0 || slot.IsRemoved) return;
            slot.Bytes = bytes;
            _bytes += bytes;
            if (!slot.IsKept) _passingBytes += bytes;
            Trim();
        }
    }

    /// <summary>Releases a slot that was taken or held.</summary>
    public void Return(BtfSlot slot)
    {
        lock (_lock)
        {
            slot.Users--;
            if (slot.IsRemoved && slot.Users == 0) Close(slot);
            else if (!slot.IsKept && slot.Users == 0) Remove(slot);
            else Trim();
        }
    }

    /// <summary>Removes a slot; its users keep it until they finish.</summary>
    public void Forget(BtfSlot slot)
    {
        lock (_lock) Remove(slot);
    }

    /// <summary>Removes all slots that meet a condition; their users keep them until they finish.</summary>
    public void Forget(Func<BtfSlotKey, bool> isMeant)
    {
        lock (_lock)
        {
            foreach (var slot in _recent.Where(slot => isMeant(slot.Key)).ToList()) Remove(slot);
        }
    }

    private void Keep(BtfSlot slot)
    {
        if (slot.IsKept) return;
        slot.IsKept = true;
        _passingBytes -= slot.Bytes;
    }

    // BTF in use stays open beyond the limit and is closed when released.
    private void Trim()
    {
        for (var node = _recent.Last; node is not null && _bytes - _passingBytes > maxBytes;)
        {
            var before = node.Previous;
            if (node.Value.Users == 0) Remove(node.Value);
            node = before;
        }
    }

    private void Remove(BtfSlot slot)
    {
        if (slot.IsRemoved) return;
        slot.IsRemoved = true;
        _recent.Remove(_slots[slot.Key]);
        _slots.Remove(slot.Key);
        _bytes -= slot.Bytes;
        if (!slot.IsKept) _passingBytes -= slot.Bytes;
        if (slot.Users == 0) Close(slot);
    }

    private void Close(BtfSlot slot)
    {
        if ((slot.Bytes == 0 && !slot.Opened.IsValueCreated) || slot.Opened.Value is not { } opened) return;
        opened.Dispose();
        if (slot.Key.Base is { } kernel) Return(kernel);
    }
}
