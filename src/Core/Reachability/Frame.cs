namespace Relo.Core.Reachability;

/// <summary>
/// What is known of the 11 registers and the 64 stack slots of one call frame. Stores and loads follow check_stack_write and
/// check_stack_read of the verifier: a slot keeps a constant or pointer of 8 bytes, zeros of any size, and from Linux 5.16 on also smaller
/// constants at its start.
/// </summary>
internal sealed class Frame
{
    public const int FramePointer = 10;
    private const int Registers = 11;
    private const int StackBytes = 512; // MAX_BPF_STACK
    private const int SlotBytes = 8;

    private readonly KnownValue[] _values = new KnownValue[Registers + (StackBytes / SlotBytes)];

    /// <param name="depth">The number of frames below it.</param>
    public Frame(int depth)
    {
        // r1 to r5 hold arguments, which are not addresses of this frame. The program may not read the other registers.
        for (var register = 1; register <= 5; register++) _values[register] = KnownValue.Other;
        _values[FramePointer] = KnownValue.Frame(depth, 0);
        ForgetStack();
    }

    private Frame(Frame other) => other._values.CopyTo(_values, 0);

    /// <summary>A register, 0–10.</summary>
    public KnownValue this[int register]
    {
        get => _values[register];
        set => _values[register] = value;
    }

    public Frame Clone() => new(this);

    /// <summary>Whether every state of <paramref name="other"/> is also a state of this frame.</summary>
    public bool Covers(Frame other)
    {
        for (var i = 0; i < _values.Length; i++)
            if (!_values[i].Covers(other._values[i])) return false;
        return true;
    }

    /// <summary>Keeps what both frames know; returns whether that is less than before.</summary>
    /// <param name="other">What the other path knows.</param>
    /// <param name="lost">Receives functions of the object whose address is no longer known.</param>
    public bool Join(Frame other, HashSet<int> lost)
    {
        var changed = false;
        for (var i = 0; i < _values.Length; i++)
        {
            var (mine, theirs) = (_values[i], other._values[i]);
            var joined = mine.Join(theirs);
            if (joined == mine) continue;
            if (mine.Kind == ValueKind.Function) lost.Add(mine.Place);
            if (theirs.Kind == ValueKind.Function) lost.Add(theirs.Place);
            _values[i] = joined;
            changed = true;
        }
        return changed;
    }

    /// <summary>Replaces every copy of a value.</summary>
    public void Replace(KnownValue value, KnownValue by)
    {
        foreach (ref var here in _values.AsSpan())
            if (here == value) here = by;
    }

    /// <summary>After a call, the program may not read r1–r5, and r0 holds the result.</summary>
    public void ForgetScratch() => Array.Fill(_values, KnownValue.Other, 0, 6);

    /// <summary>Forgets every slot. A slot may hold the address of another, so a later load from it may return an address.</summary>
    public void ForgetStack() => Array.Clear(_values, Registers, _values.Length - Registers);

    /// <summary>Forgets <paramref name="bytes"/> bytes at <paramref name="distance"/> from the frame pointer.</summary>
    public void ForgetStack(long distance, long bytes)
    {
        var first = Math.Clamp(distance + StackBytes, 0, StackBytes);
        var end = Math.Clamp(distance + StackBytes + bytes, 0, StackBytes);
        for (var slot = first / SlotBytes; slot * SlotBytes < end; slot++) _values[Registers + slot] = KnownValue.Unknown;
    }

    /// <summary>A store of <paramref name="bytes"/> bytes at <paramref name="distance"/> from the frame pointer.</summary>
    public void Store(long distance, int bytes, KnownValue value, VerifierKnowledge verifier)
    {
        if (PlaceOf(distance, bytes) is not { } place)
        {
            ForgetStack();
            return;
        }
        var (first, last) = (place / SlotBytes, (place + bytes - 1) / SlotBytes);
        var before = _values[Registers + first];
        _values[Registers + first] = _values[Registers + last] = KnownValue.Unknown;
        if (first == last) _values[Registers + first] = Stored(before, place % SlotBytes, bytes, value, verifier);
    }

    /// <summary>The result of a load: known only if it reads exactly the bytes of one store, or zeros.</summary>
    public KnownValue Load(long distance, int bytes)
    {
        if (PlaceOf(distance, bytes) is not { } place) return KnownValue.Unknown;
        var slot = _values[Registers + (place / SlotBytes)];
        var at = place % SlotBytes;
        if (bytes == SlotBytes && at == 0 && slot.Kind is not (ValueKind.Zeros or ValueKind.Small)) return slot;
        if (at + bytes > SlotBytes) return KnownValue.Other; // spans two slots: no address is spilled across them
        return slot.Kind switch
        {
            ValueKind.Zeros when (Mask(at, bytes) & ~slot.Number) == 0 => KnownValue.Constant(0, slot.Assumed),
            ValueKind.Small when at == 0 && slot.Place == bytes => KnownValue.Constant(slot.Bits, slot.Assumed),
            _ => bytes == SlotBytes ? KnownValue.Unknown : KnownValue.Other, // a part of an address is not an address
        };
    }

    private static KnownValue Stored(KnownValue before, int at, int bytes, KnownValue value, VerifierKnowledge verifier)
    {
        if (bytes == SlotBytes) return value.Kind == ValueKind.Range && !verifier.Copies ? KnownValue.Scalar() : value;
        var low = value.Bits & (ulong.MaxValue >> (64 - (8 * bytes)));
        var fits = value.IsConstant && low == value.Bits;
        if (fits && at == 0 && verifier.SmallSpills) return KnownValue.Small((uint)low, bytes, value.Assumed);
        var zeros = before.Kind == ValueKind.Zeros ? (byte)before.Number : (byte)0;
        if (value.IsConstant && value.Number == 0) zeros |= Mask(at, bytes);
        else zeros &= (byte)~Mask(at, bytes);
        return zeros == 0 ? KnownValue.Unknown : KnownValue.Zeros(zeros, before.Assumed | value.Assumed);
    }

    private static byte Mask(int at, int bytes) => (byte)(((1 << bytes) - 1) << at);

    /// <summary>Offset in bytes from the lowest address of the frame.</summary>
    private static int? PlaceOf(long distance, int bytes) =>
        distance >= -StackBytes && distance <= -bytes ? (int)(distance + StackBytes) : null;
}
