namespace Relo.Core.Btf;

/// <summary>
/// Counts the steps of one relocation. libbpf trusts its input and has no limit; untrusted types and names can make its walks
/// exponential, so here every step counts: types, members, entries of the name index, bytes of names, stored results.
/// </summary>
/// <remarks>
/// Measured on 1,154 objects × 35 kernels: at most 2.7 million steps per object and 134,000 per access, both on a BTF that was never
/// deduplicated; half of the accesses take fewer than 360. A step takes about 10 ns.
/// </remarks>
internal sealed class WorkBudget(long allowed, CancellationToken cancellation)
{
    /// <summary>The budget of every object: less than a second.</summary>
    private const long Base = 1L << 25;

    /// <summary>The budget that each distinct access adds.</summary>
    private const long PerAccess = 1L << 17;

    /// <summary>The largest budget of an object: a few seconds.</summary>
    public const long Most = 1L << 29;

    /// <summary>Stored results cost memory as well as time.</summary>
    private const int StepsToKeep = 64;

    /// <summary>Bytes of a name that are read in the time of a step.</summary>
    private const int NameBytesPerStep = 8;

    /// <summary>Entries of the name index that are skipped in the time of a step.</summary>
    private const int EntriesPerStep = 8;

    /// <summary>Steps between checks for cancellation, about a millisecond: a single record may walk for a long time.</summary>
    private const int StepsBetweenLooks = 1 << 16;

    private long _nextLook = StepsBetweenLooks;

    /// <summary>The steps so far.</summary>
    public long Spent { get; private set; }

    /// <summary>The budget of an object with <paramref name="accesses"/> distinct accesses.</summary>
    public static WorkBudget For(int accesses, CancellationToken cancellation) =>
        new(Math.Min(Base + (accesses * PerAccess), Most), cancellation);

    /// <summary>Spends steps; false if the budget is exhausted.</summary>
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

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void ThrowIfCancelled() => cancellation.ThrowIfCancellationRequested();

    /// <summary>Spends steps for storing <paramref name="items"/> results.</summary>
    public bool PayToKeep(int items) => Pay((long)items * StepsToKeep);

    /// <summary>Spends steps for scanning entries of the name index that may share only the bucket.</summary>
    public bool PayToPass(int entries) => Pay(entries / EntriesPerStep);

    // These methods do not check whether the budget is exhausted; the next Pay does. Each call is short: names and chains are bounded.

    /// <summary>The name at <paramref name="offset"/>; costs its bytes.</summary>
    public ReadOnlySpan<byte> Name(BtfTypes types, uint offset)
    {
        var name = types.Name(offset);
        Spent += name.Length / NameBytesPerStep;
        return name;
    }

    /// <summary>The essential part of the name at <paramref name="offset"/>.</summary>
    public ReadOnlySpan<byte> EssentialNameOf(BtfTypes types, uint offset) => EssentialName.Of(Name(types, offset));

    /// <summary>
    /// Whether the essential part of the name at <paramref name="offset"/> is <paramref name="essential"/>; costs the bytes of both.
    /// </summary>
    public bool EssentialNameEquals(BtfTypes types, uint offset, ReadOnlySpan<byte> essential)
    {
        Spent += essential.Length / NameBytesPerStep;
        return types.NameStartsWith(offset, essential) && EssentialName.LengthOf(Name(types, offset)) == essential.Length;
    }

    /// <summary>Whether the name at <paramref name="offset"/> is <paramref name="name"/>.</summary>
    public bool NameEquals(BtfTypes types, uint offset, ReadOnlySpan<byte> name)
    {
        Spent += name.Length / NameBytesPerStep;
        return types.NameEquals(offset, name);
    }

    /// <summary><see cref="BtfWalk.SkipModifiers"/>; costs a step per modifier.</summary>
    public BtfType SkipModifiers(BtfTypes types, uint id)
    {
        var type = types[id];
        for (var step = 0; type.Kind.IsModifierOrTypedef(); type = types[BtfWalk.Next(type.SizeOrType, step++)]) Spent++;
        return type;
    }
}
