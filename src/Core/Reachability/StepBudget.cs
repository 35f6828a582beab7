namespace Relo.Core.Reachability;

/// <summary>Limits what a walk through untrusted code may cost. Once it is spent it stays spent, and nothing counts as proven.</summary>
internal sealed class StepBudget(long steps, CancellationToken cancellation, StepBudget? whole = null)
{
    private long _left = steps;

    public bool IsSpent => _left < 0;

    /// <summary>Pays for work to be done; false when not enough is left.</summary>
    public bool Pay(int steps)
    {
        cancellation.ThrowIfCancellationRequested();
        if (IsSpent) return false;
        _left -= steps;
        return !IsSpent && whole?.Pay(steps) != false;
    }

    /// <summary>A budget of at most <paramref name="most"/> steps, which are paid from this one as well.</summary>
    public StepBudget Part(long most) => new(most, cancellation, this);
}
