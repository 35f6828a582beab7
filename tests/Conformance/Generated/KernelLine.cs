using System.Buffers.Binary;

namespace Relo.Conformance.Generated;

/// <summary>
/// Kernels that follow each other in one line: the BTF of a real one in which each differs a little from the one before. A struct gets a
/// member in its middle, a member or a function gets another name, two members change places, an enumerator its value, a function
/// another prototype. The size of the BTF, its ids and its names stay.
/// </summary>
public sealed class KernelLine
{
    private const int HeaderWords = 3, WordBytes = 4, MemberWords = 3, PairWords = 2;

    // Structs with fewer members are in many others; kernels seldom change those.
    private readonly int _fewest;
    private readonly byte[] _btf;
    private readonly bool _isBigEndian;
    private readonly List<int> _structs = [], _enums = [], _functions = [];

    /// <param name="btf">The first of the line.</param>
    /// <param name="fewestMembers">Smaller structs stay as they are.</param>
    public KernelLine(byte[] btf, int fewestMembers = 6)
    {
        _btf = [.. btf];
        _fewest = fewestMembers;
        _isBigEndian = btf[0] == 0xeb;
        var at = (int)(Word(4) + Word(8));
        for (var end = at + (int)Word(12); at < end; at += WordBytes * (HeaderWords + Extra(at))) Note(at);
    }

    /// <summary>The next of the line.</summary>
    /// <param name="random">Makes the choices.</param>
    /// <param name="changes">The number of changes.</param>
    public byte[] Next(Random random, int changes)
    {
        for (var i = 0; i < changes; i++) Change(random);
        return [.. _btf];
    }

    private void Note(int at)
    {
        if (Kind(at) is 4 or 5 && Count(at) >= _fewest) _structs.Add(at);
        else if (Kind(at) == 6 && Count(at) > 1) _enums.Add(at);
        else if (Kind(at) == 12) _functions.Add(at);
    }

    private void Change(Random random)
    {
        var what = random.Next(10);
        if (what < 6 && _structs.Count > 0) ChangeStruct(_structs[random.Next(_structs.Count)], random);
        else if (what < 7 && _enums.Count > 0) ChangeEnum(_enums[random.Next(_enums.Count)], random);
        else if (_functions.Count > 1) ChangeFunction(_functions[random.Next(_functions.Count)], _functions[random.Next(_functions.Count)], what);
    }

    private void ChangeStruct(int at, Random random)
    {
        var (one, other) = (Member(at, random.Next(Count(at))), Member(at, random.Next(Count(at))));
        switch (random.Next(3))
        {
            case 0: // a new member of eight bytes before this one; it needs no name to move the others
                for (var member = one; member < Member(at, Count(at)); member += WordBytes * MemberWords)
                    if (Kind(at) == 4) Set(member + 8, Word(member + 8) + 64);
                Set(at + 8, Word(at + 8) + 8);
                break;
            case 1:
                Set(one, Word(other));
                break;
            default:
                var (name, type) = (Word(one), Word(one + 4));
                Set(one, Word(other));
                Set(one + 4, Word(other + 4));
                Set(other, name);
                Set(other + 4, type);
                break;
        }
    }

    private void ChangeEnum(int at, Random random)
    {
        var last = at + (WordBytes * (HeaderWords + (PairWords * (Count(at) - 1))));
        if (random.Next(2) == 0) Set(last + 4, Word(last + 4) + 1);
        else Set(last, Word(at + (WordBytes * HeaderWords)));
    }

    private void ChangeFunction(int one, int other, int what)
    {
        if (what % 2 == 0) Set(one, Word(other));
        else Set(one + 8, Word(other + 8));
    }

    private static int Member(int at, int index) => at + (WordBytes * (HeaderWords + (MemberWords * index)));

    private int Kind(int at) => (int)(Word(at + 4) >> 24) & 0x1f;

    private int Count(int at) => (int)Word(at + 4) & 0xffffff;

    // Words after the head (linux/btf.h).
    private int Extra(int at) => Kind(at) switch
    {
        1 or 14 or 17 => 1,
        3 => 3,
        4 or 5 or 15 or 19 => MemberWords * Count(at),
        6 or 13 => PairWords * Count(at),
        _ => 0,
    };

    private uint Word(int at) => _isBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(_btf.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(_btf.AsSpan(at));

    private void Set(int at, uint value)
    {
        if (_isBigEndian) BinaryPrimitives.WriteUInt32BigEndian(_btf.AsSpan(at), value);
        else BinaryPrimitives.WriteUInt32LittleEndian(_btf.AsSpan(at), value);
    }
}
