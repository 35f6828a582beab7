using System.Collections.Concurrent;
using Relo.Api.Caching;
using Relo.Api.Relocations;
using Relo.Archive;

namespace Relo.Api.Http;

/// <summary>What an answer was to.</summary>
internal readonly record struct HotKey(string Path, string Query, string Accept);

/// <summary>The answers of the last second, each valid while the kernels and objects that there are stay the same.</summary>
internal sealed class HotAnswerMemory(KernelIndex kernels, ObjectStore objects, RelocationRunner relocations, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(1);

    // Answers are small, their bytes are not kept here; a key may be as long as a request line.
    private const int MaxKept = 4096;

    private readonly ConcurrentDictionary<HotKey, Kept> _kept = new();

    /// <summary>How often an answer was made and how often it was given again.</summary>
    public CacheTally Tally { get; } = new();

    /// <summary>The answer, where it still holds.</summary>
    public HotAnswer? Find(HotKey key) =>
        _kept.TryGetValue(key, out var kept) && kept.State == Now && clock.GetElapsedTime(kept.At) is var age && age >= TimeSpan.Zero && age < Life ? kept.Answer : null;

    /// <summary>Counts an answer that was given again: a kept relocation was asked for and there.</summary>
    public void CountGiven()
    {
        Tally.AddHit();
        relocations.Tally.AddHit();
    }

    /// <summary>Where the route may leave its answer.</summary>
    public HotAnswerSlot Slot(HotKey key) => new(this, key, Now, clock.GetTimestamp());

    internal void Keep(HotKey key, HotAnswer answer, ArchiveState state, long at)
    {
        if (_kept.Count >= MaxKept) _kept.Clear();
        _kept[key] = new(answer, state, at);
        Tally.AddMade();
    }

    private ArchiveState Now => new(kernels.Version, objects.Version);

    private sealed record Kept(HotAnswer Answer, ArchiveState State, long At);
}

/// <summary>Which kernels and objects there were.</summary>
internal readonly record struct ArchiveState(long Kernels, long Objects);

/// <summary>Where a route that is asked may leave its answer for those who ask the same. What it found was true from the moment it was asked on.</summary>
internal sealed class HotAnswerSlot(HotAnswerMemory memory, HotKey key, ArchiveState state, long at)
{
    /// <summary>Leaves it.</summary>
    public void Keep(HotAnswer answer) => memory.Keep(key, answer, state, at);
}
