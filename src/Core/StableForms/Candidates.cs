using System.Runtime.InteropServices;
using Relo.Core.Bytes;

namespace Relo.Core.StableForms;

/// <summary>The strings or types that each hash stands for. Nearly always it is one; then no choice is written.</summary>
internal sealed class Candidates
{
    private const int None = -1;

    // Steps through candidates that share a hash, for each that there is: real kernels need less than one.
    private const int StepsOfEach = 64;

    private readonly Dictionary<uint, int> _first;
    private readonly int[] _next;
    private long _steps;

    /// <param name="hashes">By number.</param>
    public Candidates(ReadOnlySpan<uint> hashes)
    {
        _first = new(hashes.Length);
        _next = new int[hashes.Length];
        _steps = hashes.Length * (long)StepsOfEach;
        for (var number = hashes.Length - 1; number >= 0; number--)
        {
            ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_first, hashes[number], out var isShared);
            _next[number] = isShared ? first : None;
            first = number;
        }
    }

    /// <summary>Notes which of those with this hash is meant.</summary>
    /// <exception cref="MalformedObjectException">Too many share their hash.</exception>
    public void Write(uint hash, int number, ChoiceWriter choices)
    {
        var candidate = _first[hash];
        if (_next[candidate] == None) return;
        var choice = 0u;
        for (; candidate != number; candidate = Next(candidate)) choice++;
        choices.Write(choice);
    }

    /// <summary>The number that was written.</summary>
    /// <exception cref="MalformedObjectException">None has this hash, or the choice does not exist.</exception>
    public int Read(uint hash, ChoiceReader choices)
    {
        if (!_first.TryGetValue(hash, out var candidate)) throw Fault($"nothing has the hash 0x{hash:x8}");
        if (_next[candidate] == None) return candidate;
        for (var choice = choices.Read(); choice > 0; choice--) candidate = Next(candidate);
        return candidate;
    }

    private int Next(int candidate)
    {
        if (_steps-- == 0) throw Fault("too many strings or types share a hash");
        return _next[candidate] is var next and not None ? next : throw Fault("a choice names more candidates than share the hash");
    }

    private static MalformedObjectException Fault(string message) => new(MalformedObjectException.InvalidBtf, "stable form", 0, message);
}
