namespace Relo.Core.Relocation;

/// <summary>
/// Counts the steps of one relocation. libbpf trusts its input; types from strangers can make its recursion exponential, so
/// here every step is paid for. Real objects against real kernels use a few thousand steps per record.
/// </summary>
internal sealed class WorkBudget(long steps, CancellationToken cancellation)
{
    /// <summary>Enough for tens of thousands of records on a BTF that was never deduplicated; some ten seconds of work.</summary>
    public const long Default = 1L << 31;

    private long _left = steps;

    /// <summary>Pays one step; false when nothing is left.</summary>
    public bool Pay()
    {
        // Looked at now and then: a single record may walk for long.
        if ((--_left & 0xfffff) == 0) cancellation.ThrowIfCancellationRequested();
        return _left >= 0;
    }

    /// <summary>Pays for remembering <paramref name="items"/> things, which costs memory and not only time.</summary>
    public bool Pay(int items)
    {
        const int stepsPerItem = 64;
        _left -= (long)items * stepsPerItem;
        return _left >= 0;
    }
}
