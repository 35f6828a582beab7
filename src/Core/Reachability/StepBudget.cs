namespace Relo.Core.Reachability;

/// <summary>Limits what a walk through untrusted code may cost. Once it is spent it stays spent, and nothing counts as proven.</summary>
internal sealed class StepBudget(long steps, CancellationToken cancellation)
{
    private long _left = steps;

    public bool IsSpent => _left < 0;

    /// <summary>Pays for work to be done; false when not enough is left.</summary>
    public bool Pay(int steps)
    {
        cancellation.ThrowIfCancellationRequested();
        if (IsSpent) return false;
        _left -= steps;
        return !IsSpent;
    }

    /// <summary>A budget of its own, at most <paramref name="most"/> steps, for work whose result can be done without; it is paid from this one.</summary>
    public StepBudget Part(long most)
    {
        var part = Math.Min(most, _left);
        _left -= part;
        return new(part, cancellation);
    }
}
