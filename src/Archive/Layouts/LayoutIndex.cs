using System.Runtime.InteropServices;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;
using Relo.Core.Fingerprints;

namespace Relo.Archive.Layouts;

/// <summary>
/// Knows which kernel has which layout of which name, and answers that for thousands of kernels in milliseconds, without their BTF.
/// It is in memory from the first query on: some bytes per layout, and a few kilobytes per kernel that differs from others.
/// </summary>
internal sealed class LayoutIndex(IIndexEngine engine) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1);
    private readonly ReaderWriterLockSlim _use = new();
    private LayoutSnapshot _snapshot = new();

    /// <summary>Reads what was written since the last time, by any process.</summary>
    /// <exception cref="DamagedDatabaseException">A row is damaged.</exception>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        await using var db = engine.CreateDbContext();
        await CatchUpAsync(db, ct);
    }

    /// <summary>The same, as a transaction sees it.</summary>
    internal async Task CatchUpAsync(ArchiveDb db, CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            while (!await TryCatchUpAsync(_snapshot, db, ct)) { }
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The layout of one name on each kernel, in the same order.</summary>
    /// <param name="name">The name.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<KernelLayout>> HistoryAsync(LayoutName name, IReadOnlyList<Kernel> kernels, CancellationToken ct)
    {
        await CatchUpAsync(ct);
        return Use(() =>
        {
            var tuples = Ask([name.Key], kernels);
            return kernels.Select((kernel, place) => tuples.Of(place) switch
            {
                null => new KernelLayout(kernel, false, null),
                [SetSearch.None] => new KernelLayout(kernel, true, null),
                var found => new KernelLayout(kernel, true, _snapshot.Numbers[found[0]]),
            }).ToList();
        });
    }

    /// <summary>The layouts of some names on each kernel. Catch up first.</summary>
    /// <param name="keys">The names (<see cref="LayoutName.Key"/>).</param>
    /// <param name="kernels">The kernels.</param>
    public LayoutTuples TuplesOf(IReadOnlyList<ulong> keys, IReadOnlyList<Kernel> kernels) => Use(() => Ask(keys, kernels));

    /// <summary>
    /// A digest of the layouts of some names on one kernel: kernels with the same digest have the same layouts of all of them. Null if they
    /// are not in memory.
    /// </summary>
    public Digest? DigestOf(IReadOnlyCollection<ulong> keys, Kernel kernel) => Use(() =>
    {
        var names = keys.ToList();
        if (Ask(names, [kernel]).Of(0) is not { } tuple) return (Digest?)null;
        var values = new ulong[names.Count * 3];
        for (var i = 0; i < tuple.Length; i++)
        {
            var has = tuple[i] != SetSearch.None;
            (values[i * 3], values[(i * 3) + 1]) = (names[i], has ? 1ul : 0);
            values[(i * 3) + 2] = has ? _snapshot.Numbers[tuple[i]].Value : 0;
        }

        return Digest.Of(MemoryMarshal.AsBytes<ulong>(values));
    });

    /// <summary>The kernels whose layouts are not known.</summary>
    public List<Kernel> Lacking(IEnumerable<Kernel> kernels) => Use(() => kernels.Where(kernel => !_snapshot.Knows(kernel)).ToList());

    /// <summary>Calls <paramref name="use"/> with what is in memory.</summary>
    internal T With<T>(Func<LayoutSnapshot, T> use) => Use(() => use(_snapshot));

    /// <summary>Clears the index; the next query reads everything again.</summary>
    internal void Forget() => Change(() => _snapshot = new());

    /// <inheritdoc/>
    public void Dispose()
    {
        _reading.Dispose();
        _use.Dispose();
    }

    // False if the index was cleared meanwhile: what was read continues a state that no longer exists.
    private async Task<bool> TryCatchUpAsync(LayoutSnapshot snapshot, ArchiveDb db, CancellationToken ct)
    {
        var changes = await snapshot.ReadAsync(db, ct);
        if (changes.IsEmpty) return ReferenceEquals(_snapshot, snapshot);
        return Change(() =>
        {
            if (!ReferenceEquals(_snapshot, snapshot)) return false;
            snapshot.Add(changes);
            return true;
        });
    }

    private LayoutTuples Ask(IReadOnlyList<ulong> keys, IReadOnlyList<Kernel> kernels)
    {
        var search = new SetSearch(_snapshot.Sets, _snapshot.Numbers, keys);
        var (found, known) = (new Dictionary<int, int[]>(), new Dictionary<int[], int[]>(EqualTuples.Instance));
        var sets = new int?[kernels.Count];
        for (var i = 0; i < sets.Length; i++)
        {
            if (_snapshot.SetOf(kernels[i]) is not { } set) continue;
            sets[i] = set.Id;
            if (found.ContainsKey(set.Id)) continue;
            var tuple = search.Of(set);
            if (!known.TryGetValue(tuple, out var same)) known.Add(tuple, same = tuple);
            found.Add(set.Id, same);
        }

        return new(found, sets);
    }

    private T Use<T>(Func<T> use)
    {
        _use.EnterReadLock();
        try
        {
            return use();
        }
        finally
        {
            _use.ExitReadLock();
        }
    }

    private T Change<T>(Func<T> change)
    {
        _use.EnterWriteLock();
        try
        {
            return change();
        }
        finally
        {
            _use.ExitWriteLock();
        }
    }
}
