using Relo.Core.Bytes;

namespace Relo.Core.StableForms;

/// <summary>
/// The strings. Names mostly appear in the order of the strings, so a name is written as "the string after the last new one" if that is
/// the string, and otherwise as a hash of the string.
/// </summary>
internal sealed class StableNames
{
    private const uint Empty = 0, NextNew = 1;
    private const int InsideString = -1;

    private readonly Candidates _candidates = new();

    // They only grow: another BTF uses them again.
    private int[] _starts = [];
    private uint[] _hashes = [];
    private int _count, _length;
    private int[]? _numbers; // by offset; reading needs none
    private int _new;

    /// <summary>Forgets what it has, and reads strings.</summary>
    /// <param name="strings">The string section: the empty string first, each ended by a NUL.</param>
    /// <exception cref="MalformedObjectException">The section is otherwise.</exception>
    public void Fill(ReadOnlySpan<byte> strings)
    {
        if (strings is not [0, .., 0] and not [0]) throw Fault(0, "the strings do not begin and end with a NUL");
        (_length, _count, _numbers, _new) = (strings.Length, strings.Count((byte)0), null, 1);
        if (_count > Candidates.Most) throw Fault(0, $"there are {_count} strings, at most {Candidates.Most} are accepted");
        if (_starts.Length < _count) (_starts, _hashes) = (new int[_count], new uint[_count]);
        for (int number = 0, start = 0; number < _count; number++)
        {
            var length = strings[start..].IndexOf((byte)0);
            (_starts[number], _hashes[number]) = (start, ContentHash.Of(strings.Slice(start, length)));
            start += length + 1;
        }

        _candidates.Fill(_hashes.AsSpan(0, _count));
    }

    /// <summary>The hash of the string at an offset.</summary>
    /// <exception cref="MalformedObjectException">No string begins there.</exception>
    public uint HashOf(uint offset) => offset == Empty ? Empty : _hashes[NumberOf(offset)];

    /// <summary>The word for a name.</summary>
    /// <exception cref="MalformedObjectException">No string begins at the offset.</exception>
    public uint Encode(uint offset, ChoiceWriter choices)
    {
        if (offset == Empty) return Empty;
        var number = NumberOf(offset);
        if (number == _new)
        {
            _new++;
            return NextNew;
        }

        _candidates.Write(_hashes[number], number, choices);
        return _hashes[number];
    }

    /// <summary>The string that a word stands for: its offset and its hash.</summary>
    /// <exception cref="MalformedObjectException">It stands for no string.</exception>
    public (uint Offset, uint Hash) Decode(uint word, ChoiceReader choices)
    {
        if (word == Empty) return (Empty, Empty);
        if (word == NextNew && _new == _count) throw Fault(0, $"a name is the next string after the last of {_count}");
        var number = word == NextNew ? _new++ : _candidates.Read(word, choices);
        return ((uint)_starts[number], _hashes[number]);
    }

    private int NumberOf(uint offset)
    {
        _numbers ??= Numbers();
        return offset < (uint)_length && _numbers[offset] is var number and not InsideString
            ? number
            : throw Fault(offset, "no string begins here");
    }

    private int[] Numbers()
    {
        var numbers = new int[_length];
        Array.Fill(numbers, InsideString);
        for (var number = 0; number < _count; number++) numbers[_starts[number]] = number;
        return numbers;
    }

    private static MalformedObjectException Fault(long offset, string message) =>
        new(MalformedObjectException.InvalidBtf, "strings", offset, message);
}
