using System.Security.Cryptography;
using Relo.Core.Bytes;

namespace Relo.Core.StableForms;

/// <summary>The strings or types that each hash stands for. Nearly always it is one; then no choice is written.</summary>
/// <remarks>
/// A hash table of numbers with linear probing. The places depend on a random factor, so hostile BTF cannot have strings that were chosen
/// to share a place.
/// </remarks>
internal sealed class Candidates
{
    /// <summary>
    /// The most strings, and the most types, that a stable form may have. A kernel has 200,000; each takes 16 bytes of memory here.
    /// </summary>
    public const int Most = 1 << 20;

    private const int None = -1;

    // Steps from one candidate to the next with the same hash, as a multiple of their number: real kernels need less than one each.
    private const int StepsOfEach = 64;

    private static readonly uint Factor = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))) | 1;

    // They only grow: another BTF uses them again.
    private Place[] _places = [];
    private int[] _next = [];
    private int _length;
    private long _steps;

    /// <summary>Forgets what it has, and reads hashes.</summary>
    /// <param name="hashes">By number.</param>
    public void Fill(ReadOnlySpan<uint> hashes)
    {
        _length = hashes.Length + (hashes.Length / 2) + 1; // at most two thirds are taken
        if (_places.Length < _length) _places = new Place[_length];
        else Array.Clear(_places, 0, _length);
        if (_next.Length < hashes.Length) _next = new int[hashes.Length];
        _steps = hashes.Length * (long)StepsOfEach;
        for (var number = hashes.Length - 1; number >= 0; number--)
        {
            ref var place = ref PlaceOf(hashes[number]);
            _next[number] = place.First;
            place = new(hashes[number], place.IsFree ? number + 1 : -(number + 1));
        }
    }

    /// <summary>Writes which of those with this hash is meant; nothing if there is only one.</summary>
    /// <exception cref="MalformedObjectException">Too many share their hash.</exception>
    public void Write(uint hash, int number, ChoiceWriter choices)
    {
        var place = PlaceOf(hash);
        if (place.IsOnly) return;
        var candidate = place.First;
        var choice = 0u;
        for (; candidate != number; candidate = Next(candidate)) choice++;
        choices.Write(choice);
    }

    /// <summary>The number that was written.</summary>
    /// <exception cref="MalformedObjectException">None has this hash, or the choice does not exist.</exception>
    public int Read(uint hash, ChoiceReader choices)
    {
        var place = PlaceOf(hash);
        if (place.IsOnly) return place.First;
        if (place.IsFree) throw Fault($"nothing has the hash 0x{hash:x8}");
        var candidate = place.First;
        for (var choice = choices.Read(); choice > 0; choice--) candidate = Next(candidate);
        return candidate;
    }

    // Where the hash is, or would be.
    private ref Place PlaceOf(uint hash)
    {
        var at = (int)(((ulong)(hash * Factor) * (uint)_length) >> 32);
        while (!_places[at].IsFree && _places[at].Hash != hash)
            if (++at == _length) at = 0;
        return ref _places[at];
    }

    private int Next(int candidate)
    {
        if (_steps-- == 0) throw Fault("too many strings or types share a hash");
        return _next[candidate] is var next and not None ? next : throw Fault("a choice names more candidates than share the hash");
    }

    private static MalformedObjectException Fault(string message) => new(MalformedObjectException.InvalidBtf, "stable form", 0, message);

    /// <summary>A hash and the lowest number with it, in one place, because a lookup mostly waits for memory.</summary>
    /// <param name="Hash">The hash.</param>
    /// <param name="Entry">The number plus one, negative if others have the same hash; 0 if the place is free.</param>
    private readonly record struct Place(uint Hash, int Entry)
    {
        public bool IsFree => Entry == 0;

        public bool IsOnly => Entry > 0;

        /// <summary>The number; <see cref="None"/> if the place is free.</summary>
        public int First => Math.Abs(Entry) - 1;
    }
}
