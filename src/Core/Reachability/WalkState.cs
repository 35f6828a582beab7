namespace Relo.Core.Reachability;

/// <summary>One path at one instruction: its position, its calls, and what is known in each frame.</summary>
internal sealed class WalkState
{
    /// <summary>The most frames that the verifier allows (MAX_CALL_FRAMES).</summary>
    public const int MaxFrames = 8;

    private readonly List<Frame> _frames;
    private readonly List<CallSite> _calls;

    /// <summary>At the start of a function that is verified separately.</summary>
    public WalkState(int function) => (Function, _frames, _calls) = (function, [new(0)], []);

    private WalkState(WalkState other) =>
        (Function, At, Chain, _frames, _calls) =
        (other.Function, other.At, other.Chain, other._frames.ConvertAll(frame => frame.Clone()), [.. other._calls]);

    /// <summary>Index of the function.</summary>
    public int Function { get; private set; }

    /// <summary>Index of the instruction within the function.</summary>
    public int At { get; set; }

    /// <summary>Which calls led here; 0 for none.</summary>
    public int Chain { get; private set; }

    public Frame Frame => _frames[^1];

    public int Depth => _frames.Count - 1;

    public WalkState Clone() => new(this);

    /// <summary>Continues in a called function, with r1–r5 unchanged.</summary>
    public void Enter(int function, CallSite site, int chain)
    {
        var callee = new Frame(_frames.Count);
        for (var register = 1; register <= 5; register++) callee[register] = Frame[register];
        Frame.ForgetScratch();
        _frames.Add(callee);
        _calls.Add(site);
        (Function, At, Chain) = (function, 0, chain);
    }

    /// <summary>Continues after the call, with the result in r0.</summary>
    public CallSite Leave()
    {
        var result = Frame[0];
        var site = _calls[^1];
        _frames.RemoveAt(_frames.Count - 1);
        _calls.RemoveAt(_calls.Count - 1);
        // The verifier refuses to return an address of the stack.
        Frame[0] = result.MayBeStack ? KnownValue.Other : result;
        (Function, At, Chain) = (site.Function, site.Instruction + 1, site.Chain);
        return site;
    }

    public bool Covers(WalkState other)
    {
        for (var i = 0; i < _frames.Count; i++)
            if (!_frames[i].Covers(other._frames[i])) return false;
        return true;
    }

    /// <summary>Keeps what both states know; returns whether that is less than before.</summary>
    public bool Join(WalkState other, HashSet<int> lost)
    {
        var changed = false;
        for (var i = 0; i < _frames.Count; i++) changed |= _frames[i].Join(other._frames[i], lost);
        return changed;
    }

    public void Store(KnownValue address, short offset, int bytes, KnownValue value, VerifierKnowledge verifier)
    {
        if (address.Kind == ValueKind.Frame && address.Place < _frames.Count)
            _frames[address.Place].Store(address.Number + offset, bytes, value, verifier);
        else if (address.MayBeStack) ForgetStacks();
    }

    public KnownValue LoadFromStack(KnownValue address, short offset, int bytes) =>
        address.Place < _frames.Count ? _frames[address.Place].Load(address.Number + offset, bytes) : KnownValue.Unknown;

    /// <summary>
    /// Copies a number. The place of the copy identifies the copies; values copied there earlier are not copies of these.
    /// </summary>
    public KnownValue Identify(int register)
    {
        var value = KnownValue.Scalar(((long)Function << 32) | (uint)(At + 1));
        Replace(value, KnownValue.Scalar());
        return Frame[register] = value;
    }

    /// <summary>Applies what a branch implies for a number to all its copies.</summary>
    public void Learn(int register, KnownValue constant)
    {
        if (Frame[register] is { Number: not 0 } copied) Replace(copied, constant);
        Frame[register] = constant;
    }

    private void Replace(KnownValue value, KnownValue by) => _frames.ForEach(frame => frame.Replace(value, by));

    public void ForgetStacks() => _frames.ForEach(frame => frame.ForgetStack());

    /// <summary>A helper or kernel function may write upwards from each stack address passed to it.</summary>
    public void ForgetArguments()
    {
        for (var register = 1; register <= 5; register++) Forget(Frame[register], long.MaxValue / 2);
    }

    /// <summary>A helper writes to its first argument, with the length in its second.</summary>
    public void ForgetFirstArgument() =>
        Forget(Frame[1], Frame[2] is { Kind: ValueKind.Constant, Number: >= 0 and <= 512 } length ? length.Number : long.MaxValue / 2);

    private void Forget(KnownValue address, long bytes)
    {
        if (address.Kind == ValueKind.Frame && address.Place < _frames.Count) _frames[address.Place].ForgetStack(address.Number, bytes);
        else if (address.MayBeStack) ForgetStacks();
    }
}
