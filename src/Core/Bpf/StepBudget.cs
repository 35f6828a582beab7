namespace Relo.Core.Bpf;

/// <summary>What a walk through code from strangers may cost. Once it is spent it stays so, and nothing counts as proven.</summary>
internal sealed class StepBudget(long steps, CancellationToken cancellation)
{
    private long _left = steps;

    public bool IsSpent => _left < 0;

    /// <summary>Pays for work to come; false when there is not enough left.</summary>
    public bool Pay(int steps)
    {
        cancellation.ThrowIfCancellationRequested();
        if (IsSpent) return false;
        _left -= steps;
        return !IsSpent;
    }
}
