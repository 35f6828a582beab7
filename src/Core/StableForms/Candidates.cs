using System.Numerics;
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
    /// The most strings, and the most types, that a stable form may have. A kernel has 200,000; each takes thirty bytes of memory here.
    /// </summary>
    public const int Most = 1 << 20;

    private const int None = -1;

    // Steps from one candidate to the next with the same hash, as a multiple of their number: real kernels need less than one each.
    private const int StepsOfEach = 64;

    private static readonly uint Factor = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))) | 1;

    private readonly uint[] _hashes;
    private readonly int[] _first; // by place, the lowest number with the hash of that place, plus one; 0 where there is none
    private readonly int[] _next;
    private readonly int _shift;
    private long _steps;

    /// <param name="hashes">By number. They must not change.</param>
    public Candidates(uint[] hashes)
    {
        _hashes = hashes;
        var bits = BitOperations.Log2((uint)hashes.Length + 1) + 2; // at most half of the places are taken
        _first = new int[1 << bits];
        _shift = 32 - bits;
        _next = new int[hashes.Length];
        _steps = hashes.Length * (long)StepsOfEach;
        for (var number = hashes.Length - 1; number >= 0; number--)
        {
            ref var first = ref _first[PlaceOf(hashes[number])];
            _next[number] = first - 1;
            first = number + 1;
        }
    }

    /// <summary>Writes which of those with this hash is meant; nothing if there is only one.</summary>
    /// <exception cref="MalformedObjectException">Too many share their hash.</exception>
    public void Write(uint hash, int number, ChoiceWriter choices)
    {
        var candidate = _first[PlaceOf(hash)] - 1;
        if (_next[candidate] == None) return;
        var choice = 0u;
        for (; candidate != number; candidate = Next(candidate)) choice++;
        choices.Write(choice);
    }

    /// <summary>The number that was written.</summary>
    /// <exception cref="MalformedObjectException">None has this hash, or the choice does not exist.</exception>
    public int Read(uint hash, ChoiceReader choices)
    {
        var candidate = _first[PlaceOf(hash)] - 1;
        if (candidate == None) throw Fault($"nothing has the hash 0x{hash:x8}");
        if (_next[candidate] == None) return candidate;
        for (var choice = choices.Read(); choice > 0; choice--) candidate = Next(candidate);
        return candidate;
    }

    // Where the hash is, or would be.
    private int PlaceOf(uint hash)
    {
        var place = (int)((hash * Factor) >> _shift);
        while (_first[place] is var first and not 0 && _hashes[first - 1] != hash) place = (place + 1) & (_first.Length - 1);
        return place;
    }

    private int Next(int candidate)
    {
        if (_steps-- == 0) throw Fault("too many strings or types share a hash");
        return _next[candidate] is var next and not None ? next : throw Fault("a choice names more candidates than share the hash");
    }

    private static MalformedObjectException Fault(string message) => new(MalformedObjectException.InvalidBtf, "stable form", 0, message);
}
