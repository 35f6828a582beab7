using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Relo.Api.Caching;
using Relo.Api.Relocations;
using Relo.Archive;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Hot;

/// <summary>What an answer was to: path and query as they were sent, <c>Accept</c>, and of a POST <c>Content-Type</c> and the digest of the body.</summary>
internal readonly record struct HotKey(string Target, string Accept, string? ContentType, Digest? Body)
{
    /// <summary>How many characters it has.</summary>
    public int Length => Target.Length + Accept.Length + (ContentType?.Length ?? 0);

    /// <summary>Of a request, without its body.</summary>
    public static HotKey Of(IHttpRequestFeature request) =>
        new(request.RawTarget, request.Headers.Accept.ToString(), HttpMethods.IsPost(request.Method) ? request.Headers.ContentType.ToString() : null, null);
}

/// <summary>The answers of the last second, each valid while the kernels and objects that there are stay the same.</summary>
internal sealed class HotAnswerMemory(KernelIndex kernels, ObjectStore objects, RelocationRunner relocations, TimeProvider clock)
{
    /// <summary>How long an answer is given again.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(1);

    // Answers are small, and their bytes are not kept here; a request could be made to take a hundred times more than one.
    private const int MaxKept = 4096, MostKeyChars = 2048;

    // A body to look for is held as long as it comes; objects are mostly smaller.
    private const int MostBodyBytes = 128 << 10;

    private readonly ConcurrentDictionary<HotKey, KeptAnswer> _kept = new();

    // Where something was posted within the last second, so that the next body may be a known one.
    private readonly ConcurrentDictionary<HotKey, long> _posted = new();

    /// <summary>How often an answer was made and how often it was given again.</summary>
    public CacheTally Tally { get; } = new();

    /// <summary>How many answers are kept.</summary>
    public int Count => _kept.Count;

    /// <summary>What to answer the request with, counted as given: a kept relocation was asked for and there.</summary>
    public HotReply? Find(IHttpRequestFeature request) => IsUsual(request) && IsReading(request) ? Find(request, HotKey.Of(request)) : null;

    /// <summary>What to answer a request with that <see cref="HasToSeeBody"/>.</summary>
    public HotReply? Find(IHttpRequestFeature request, Digest body) => Find(request, HotKey.Of(request) with { Body = body });

    /// <summary>Whether the request may have an answer here, which hangs on its body.</summary>
    public bool HasToSeeBody(IHttpRequestFeature request) => !_posted.IsEmpty && IsUsual(request) && !IsReading(request) && request.Headers.ContentLength is > 0 and <= MostBodyBytes
        && _posted.TryGetValue(HotKey.Of(request), out var at) && IsFresh(at);

    /// <summary>Whether a <c>304</c> of this answer may be given now, which it then counts as.</summary>
    public bool TryUse(KeptAnswer kept)
    {
        if (!Holds(kept)) return false;
        AddUse(kept, isNotModified: true);
        return true;
    }

    /// <summary>Whether it may be given now.</summary>
    public bool Holds(KeptAnswer kept) => kept.State == Now && IsFresh(kept.At);

    private HotReply? Find(IHttpRequestFeature request, HotKey key)
    {
        if (!_kept.TryGetValue(key, out var kept) || !Holds(kept) || kept.Answer.ReplyTo(request) is not { } reply) return null;
        AddUse(kept, reply.IsNotModified);
        return reply with { Source = kept };
    }

    private void AddUse(KeptAnswer kept, bool isNotModified)
    {
        Tally.AddHit();
        relocations.Tally.AddHit();
        kept.Count(isNotModified);
    }

    /// <summary>Where the route may leave its answer; none where no other request could be given it.</summary>
    public HotAnswerSlot? Slot(IHttpRequestFeature request) =>
        IsUsual(request) && HotKey.Of(request) is { Length: <= MostKeyChars } key ? new(this, key, Now, clock.GetTimestamp()) : null;

    /// <summary>What was given again since this was last asked. Answers that hold no more are let go.</summary>
    public IEnumerable<HotUse> TakeUses()
    {
        foreach (var (key, at) in _posted)
            if (!IsFresh(at)) _posted.TryRemove(new(key, at));
        foreach (var (key, kept) in _kept)
        {
            if (!Holds(kept)) _kept.TryRemove(new(key, kept));
            if (kept.Take() is { Sent: var sent, NotModified: var same } && sent + same > 0) yield return new(kept.Path, sent, same);
        }
    }

    internal void Keep(HotKey key, string path, HotAnswer answer, ArchiveState state, long at)
    {
        if (_kept.Count >= MaxKept) return;
        _kept.AddOrUpdate(key, new KeptAnswer(path, answer, state, at, new()), (_, old) => new(path, answer, state, at, old.Counts));
        if (key.Body is not null) _posted[key with { Body = null }] = at;
        Tally.AddMade();
    }

    // Other methods, ranges, conditions other than the usual one, bodies that are packed, forms or to be checked, and scripts of other origins (whose answers have
    // fields of their own) are the framework's.
    private static bool IsUsual(IHttpRequestFeature request)
    {
        var headers = request.Headers;
        if (headers.IfMatch.Count > 0 || headers.IfModifiedSince.Count > 0 || headers.IfUnmodifiedSince.Count > 0 || headers.IfRange.Count > 0 || headers.Origin.Count > 0) return false;
        return IsReading(request)
            ? headers.Range.Count == 0
            : HttpMethods.IsPost(request.Method) && headers.IfNoneMatch.Count == 0 && headers.ContentEncoding.Count == 0 && headers[ContentDigest.Field].Count == 0
                && !headers.ContentType.ToString().StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsReading(IHttpRequestFeature request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private bool IsFresh(long at) => clock.GetElapsedTime(at) is var age && age >= TimeSpan.Zero && age < Life;

    private ArchiveState Now => new(kernels.Version, objects.Version);
}

/// <summary>Which kernels and objects there were.</summary>
internal readonly record struct ArchiveState(long Kernels, long Objects);

/// <summary>How often the answer of an address was given again: whole, and as <c>304</c>.</summary>
internal readonly record struct HotUse(string Path, long Sent, long NotModified);

/// <summary>Where a route that is asked may leave its answer for those who ask the same. What it found was true from the moment it was asked on.</summary>
internal sealed class HotAnswerSlot(HotAnswerMemory memory, HotKey key, ArchiveState state, long at)
{
    /// <summary>Leaves it; not where its bytes are part of something that others keep longer.</summary>
    /// <param name="path">The path alone, for the log.</param>
    /// <param name="fields">What it is sent with, but for the length, the digest of what is sent, and what every answer has.</param>
    /// <param name="digest">SHA-256 of the bytes, which in quotes is the ETag.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="body">Digest of the body that it is an answer to, where that was a POST.</param>
    public void Keep(string path, IEnumerable<KeyValuePair<string, StringValues>> fields, Digest digest, ReadOnlyMemory<byte> bytes, Digest? body = null)
    {
        if (!MemoryMarshal.TryGetArray(bytes, out var segment) || segment.Count != segment.Array!.Length) return;
        var headers = new HeaderDictionary();
        SafetyHeaders.Add(headers);
        foreach (var (name, value) in fields) headers[name] = value;
        memory.Keep(key with { Body = body }, path, new HotAnswer($"\"{digest}\"", [.. headers], ContentDigest.Value(digest), segment.Array), state, at);
    }
}
