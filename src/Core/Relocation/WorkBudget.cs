using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>
/// Counts the steps of one relocation. libbpf trusts its input; types from strangers can make its recursion exponential, so
/// here every step is paid for. Real objects use some hundred steps for each distinct access, 24,000 on a BTF that was never deduplicated.
/// </summary>
internal sealed class WorkBudget(long allowed, CancellationToken cancellation)
{
    /// <summary>Enough for twenty thousand distinct accesses on a BTF that was never deduplicated; some ten seconds of work.</summary>
    public const long Default = 1L << 29;

    // What costs memory and not only time.
    private const int StepsToKeep = 64;

    // Comparing takes as long as a step for so many bytes.
    private const int NameBytesPerStep = 32;

    // A millisecond or so: a single record may walk for long.
    private const int StepsBetweenLooks = 1 << 16;

    private long _nextLook = StepsBetweenLooks;

    /// <summary>What was paid for so far.</summary>
    public long Spent { get; private set; }

    /// <summary>Pays; false when nothing is left.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool Pay(long steps = 1)
    {
        Spent += steps;
        if (Spent >= _nextLook)
        {
            cancellation.ThrowIfCancellationRequested();
            _nextLook = Spent + StepsBetweenLooks;
        }
        return Spent <= allowed;
    }

    /// <summary>Pays for steps in each of which a name is compared.</summary>
    public bool PayToCompare(ReadOnlySpan<byte> name, int steps = 1) => Pay((1L + (name.Length / NameBytesPerStep)) * steps);

    /// <summary>Pays for remembering <paramref name="items"/> things.</summary>
    public bool PayToKeep(int items) => Pay((long)items * StepsToKeep);

    /// <summary><see cref="BtfWalk.SkipModifiers"/>, every one of them paid for; whoever pays next learns whether there was enough.</summary>
    public BtfType SkipModifiers(BtfTypes types, uint id)
    {
        var type = types[id];
        for (var step = 0; type.Kind.IsModifierOrTypedef(); type = types[BtfWalk.Next(type.SizeOrType, step++)]) Spent++;
        return type;
    }
}
