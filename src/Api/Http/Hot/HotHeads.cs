using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;
using Relo.Api.Caching;

namespace Relo.Api.Http.Hot;

/// <summary>
/// The heads of requests, to the byte, that were answered within the last second with nothing but that the client has the answer already, and these answers as they go
/// over the wire. The rule is that of <see cref="HotAnswerMemory"/>, where they come from: equal requests have equal answers while they hold.
/// </summary>
internal sealed class HotHeads(HotAnswerMemory memory, TimeProvider clock)
{
    /// <summary>Longer heads are not known again.</summary>
    public const int MostBytes = 1024;

    private const int MaxKept = 4096;

    private static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    private readonly ConcurrentDictionary<byte[], HotHead> _kept = new(BytesComparer.Instance);

    /// <summary>How many are kept.</summary>
    public int Count => _kept.Count;

    /// <summary>How often one was remembered and how often it was answered.</summary>
    public CacheTally Tally { get; } = new();

    /// <summary>How many bytes the head of a request takes that begins here; 0 where none does that could be known.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("GET /"u8) && !bytes.StartsWith("HEAD /"u8)) return 0;
        var end = bytes[..Math.Min(bytes.Length, MostBytes)].IndexOf(End);
        return end < 0 ? 0 : end + End.Length;
    }

    /// <summary>Whether a request is its head and nothing else, came as it was sent, without TLS, and leaves the connection as it is.</summary>
    public static bool IsWhole(IHttpRequestFeature request) =>
        request is { Protocol: "HTTP/1.1", Scheme: "http" } && request.Headers is { ContentLength: null, TransferEncoding.Count: 0, Connection.Count: 0, Upgrade.Count: 0, Expect.Count: 0 };

    /// <summary>The answer to a request of this head, counted as given; null where there is none, or it holds no more.</summary>
    public byte[]? Find(ReadOnlySpan<byte> head)
    {
        if (!_kept.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(head, out var kept) || !memory.TryUse(kept.Answer)) return null;
        Tally.AddHit();
        return kept.Bytes;
    }

    /// <summary>Remembers a request that was answered so.</summary>
    /// <param name="head">Its head, as it came.</param>
    /// <param name="answer">What it was answered with.</param>
    public void Keep(ReadOnlySpan<byte> head, KeptAnswer answer)
    {
        if (_kept.Count >= MaxKept) return;
        _kept[head.ToArray()] = new(answer, answer.Answer.NotModifiedBytes(clock.GetUtcNow()));
        Tally.AddMade();
    }

    /// <summary>Lets those go that hold no more.</summary>
    public void Clean()
    {
        foreach (var (head, kept) in _kept)
            if (!memory.Holds(kept.Answer)) _kept.TryRemove(new(head, kept));
    }

    private sealed record HotHead(KeptAnswer Answer, byte[] Bytes);

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
