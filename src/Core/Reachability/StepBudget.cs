namespace Relo.Core.Reachability;

/// <summary>Limits the cost of a walk through untrusted code. A spent budget stays spent, and nothing counts as proven.</summary>
internal sealed class StepBudget(long steps, CancellationToken cancellation, StepBudget? whole = null)
{
    private long _left = steps;

    public bool IsSpent => _left < 0;

    /// <summary>Pays for steps; false if too few are left.</summary>
    public bool Pay(int steps)
    {
        cancellation.ThrowIfCancellationRequested();
        if (IsSpent) return false;
        _left -= steps;
        return !IsSpent && whole?.Pay(steps) != false;
    }

    /// <summary>A budget of at most <paramref name="most"/> steps, which also count against this one.</summary>
    public StepBudget Part(long most) => new(most, cancellation, this);
}
