namespace Relo.Core.Bpf;

/// <summary>
/// What is known of the 11 registers and the 64 stack slots before an instruction. Stores and loads follow what every verifier
/// since Linux 5.3 remembers (check_stack_write, check_stack_read): a constant or pointer of 8 bytes in its slot, and zeros of any size.
/// Smaller constants it remembers from 5.16 on, constants stored by an immediate (BPF_ST) from 6.3 on: both are unknown here.
/// </summary>
internal sealed class KnownState
{
    private const int Registers = 11;
    private const int FramePointer = 10;
    private const int StackBytes = 512; // MAX_BPF_STACK
    private const int SlotBytes = 8;

    private readonly KnownValue[] _values = new KnownValue[Registers + (StackBytes / SlotBytes)];

    /// <summary>At the start of a function: arguments are unknown.</summary>
    public static KnownState AtEntry()
    {
        var state = new KnownState();
        state._values[FramePointer] = KnownValue.Frame(0);
        return state;
    }

    /// <summary>A register, 0–10.</summary>
    public KnownValue this[int register]
    {
        get => _values[register];
        set => _values[register] = value;
    }

    public KnownState Clone()
    {
        var copy = new KnownState();
        _values.CopyTo(copy._values, 0);
        return copy;
    }

    /// <summary>Keeps what both know; tells whether that is less than before.</summary>
    public bool Join(KnownState other)
    {
        var changed = false;
        for (var i = 0; i < _values.Length; i++)
        {
            var joined = _values[i].Join(other._values[i]);
            changed |= joined != _values[i];
            _values[i] = joined;
        }
        return changed;
    }

    /// <summary>A call takes r0–r5, and may write to any stack it was given a pointer to, or that such memory points to.</summary>
    public void ForgetAtCall()
    {
        ForgetScratch();
        ForgetStack();
    }

    /// <summary>r0 holds the result, r1–r5 are the callee's.</summary>
    public void ForgetScratch() => Array.Clear(_values, 0, 6);

    public void ForgetStack() => Array.Clear(_values, Registers, _values.Length - Registers);

    public void Store(KnownValue address, short offset, int bytes, KnownValue value)
    {
        // An unknown address may be one of this frame: then nothing is certain any more.
        if (Place(address, offset, bytes) is not { } place)
        {
            ForgetStack();
            return;
        }
        var (first, last) = (place / SlotBytes, (place + bytes - 1) / SlotBytes);
        _values[Registers + first] = _values[Registers + last] = KnownValue.Unknown;
        if (first != last) return;
        if (bytes == SlotBytes) _values[Registers + first] = value;
        else if (value == KnownValue.Constant(0)) _values[Registers + first] = KnownValue.Zero(place % SlotBytes, bytes);
    }

    /// <summary>What a load gives: something only where the very bytes of one store are read again.</summary>
    public KnownValue Load(KnownValue address, short offset, int bytes)
    {
        if (Place(address, offset, bytes) is not { } place) return KnownValue.Unknown;
        var slot = _values[Registers + (place / SlotBytes)];
        if (slot.Kind == ValueKind.Zero) return slot == KnownValue.Zero(place % SlotBytes, bytes) ? KnownValue.Constant(0) : KnownValue.Unknown;
        return bytes == SlotBytes && place % SlotBytes == 0 ? slot : KnownValue.Unknown;
    }

    /// <summary>Bytes from the lowest address of the frame.</summary>
    private static int? Place(KnownValue address, short offset, int bytes) =>
        address.IsFrame && address.Number + offset is var at and >= -StackBytes && at <= -bytes ? (int)(at + StackBytes) : null;
}
