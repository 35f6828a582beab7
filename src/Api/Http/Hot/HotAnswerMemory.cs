using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Features;
using Relo.Api.Caching;
using Relo.Api.Relocations;
using Relo.Archive;

namespace Relo.Api.Http.Hot;

/// <summary>What an answer was to: path and query as they were sent, and <c>Accept</c>.</summary>
internal readonly record struct HotKey(string Target, string Accept)
{
    /// <summary>Of a request.</summary>
    public static HotKey Of(IHttpRequestFeature request) => new(request.RawTarget, request.Headers.Accept.ToString());
}

/// <summary>The answers of the last second, each valid while the kernels and objects that there are stay the same.</summary>
internal sealed class HotAnswerMemory(KernelIndex kernels, ObjectStore objects, RelocationRunner relocations, TimeProvider clock)
{
    /// <summary>How long an answer is given again.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(1);

    // Answers are small, their bytes are not kept here; a key may be as long as a request line.
    private const int MaxKept = 4096;

    private readonly ConcurrentDictionary<HotKey, Kept> _kept = new();

    /// <summary>How often an answer was made and how often it was given again.</summary>
    public CacheTally Tally { get; } = new();

    /// <summary>How many answers are kept.</summary>
    public int Count => _kept.Count;

    /// <summary>What to answer the request with, counted as given: a kept relocation was asked for and there.</summary>
    public HotReply? Find(IHttpRequestFeature request)
    {
        if (!IsUsual(request) || !_kept.TryGetValue(HotKey.Of(request), out var kept) || !Holds(kept) || kept.Answer.ReplyTo(request) is not { } reply) return null;
        Tally.AddHit();
        relocations.Tally.AddHit();
        kept.Count(reply);
        return reply;
    }

    /// <summary>Where the route may leave its answer; none where no other request could be given it.</summary>
    public HotAnswerSlot? Slot(IHttpRequestFeature request) => IsUsual(request) ? new(this, HotKey.Of(request), Now, clock.GetTimestamp()) : null;

    /// <summary>What was given again since this was last asked. Answers that hold no more are let go.</summary>
    public IEnumerable<HotUse> TakeUses()
    {
        foreach (var (key, kept) in _kept)
        {
            if (!Holds(kept)) _kept.TryRemove(new(key, kept));
            if (kept.Take() is { Sent: var sent, NotModified: var same } && sent + same > 0) yield return new(kept.Path, sent, same);
        }
    }

    internal void Keep(HotKey key, string path, HotAnswer answer, ArchiveState state, long at)
    {
        if (_kept.Count >= MaxKept) return;
        _kept.AddOrUpdate(key, new Kept(path, answer, state, at, new()), (_, old) => new(path, answer, state, at, old.Counts));
        Tally.AddMade();
    }

    // A method, ranges, conditions other than the usual one, and scripts of other origins (whose answers have fields of their own) are the framework's.
    private static bool IsUsual(IHttpRequestFeature request)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return false;
        var headers = request.Headers;
        return headers.Range.Count == 0 && headers.IfMatch.Count == 0 && headers.IfModifiedSince.Count == 0 && headers.IfUnmodifiedSince.Count == 0
            && headers.IfRange.Count == 0 && headers.Origin.Count == 0;
    }

    private bool Holds(Kept kept) => kept.State == Now && clock.GetElapsedTime(kept.At) is var age && age >= TimeSpan.Zero && age < Life;

    private ArchiveState Now => new(kernels.Version, objects.Version);

    private sealed record Kept(string Path, HotAnswer Answer, ArchiveState State, long At, HotCounts Counts)
    {
        public void Count(HotReply reply) => Interlocked.Increment(ref reply.IsNotModified ? ref Counts.NotModified : ref Counts.Sent);

        public (long Sent, long NotModified) Take() => (Interlocked.Exchange(ref Counts.Sent, 0), Interlocked.Exchange(ref Counts.NotModified, 0));
    }

    private sealed class HotCounts
    {
        public long Sent;
        public long NotModified;
    }
}

/// <summary>Which kernels and objects there were.</summary>
internal readonly record struct ArchiveState(long Kernels, long Objects);

/// <summary>How often the answer of an address was given again: whole, and as <c>304</c>.</summary>
internal readonly record struct HotUse(string Path, long Sent, long NotModified);

/// <summary>Where a route that is asked may leave its answer for those who ask the same. What it found was true from the moment it was asked on.</summary>
internal sealed class HotAnswerSlot(HotAnswerMemory memory, HotKey key, ArchiveState state, long at)
{
    /// <summary>Leaves it.</summary>
    /// <param name="path">The path alone, for the log.</param>
    /// <param name="answer">The answer.</param>
    public void Keep(string path, HotAnswer answer) => memory.Keep(key, path, answer, state, at);
}
