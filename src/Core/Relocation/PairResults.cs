using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>
/// Results for pairs of a local and a target type of two BTFs. libbpf compares a pair again each time it occurs: two
/// members of one type on each of 32 levels are 2³² comparisons.
/// </summary>
/// <remarks>
/// A result depends on the two types, on whether a pointer leads to them, and on the remaining levels until libbpf gives up, and on
/// nothing else. The key has all four, so that a stored result is the one that libbpf would compute again.
/// </remarks>
internal sealed class PairResults(WorkBudget work)
{
    // Entries of a hash table take more memory than those of a list.
    private const int Weight = 4;

    private Dictionary<(uint Local, uint Target, bool BehindPointer, int Level), int>? _results;

    /// <summary>Whether the result is known.</summary>
    public bool TryGet(BtfType local, BtfType target, bool behindPointer, int level, out int result)
    {
        result = 0;
        return _results is not null && _results.TryGetValue((local.Id, target.Id, behindPointer, level), out result);
    }

    /// <summary>Stores a result, and returns it.</summary>
    public int Keep(BtfType local, BtfType target, bool behindPointer, int level, int result)
    {
        if (!work.PayToKeep(Weight)) return Errno.Budget;
        _results ??= [];
        _results[(local.Id, target.Id, behindPointer, level)] = result;
        return result;
    }
}
