using Relo.Core.Btf;
using static Relo.Core.Btf.BtfWriter;

namespace Relo.Core.Tests.Relocation;

/// <summary>
/// Types in layers, each of which uses those below it once or twice, so that the depth limits of libbpf are met on some ways and not on
/// others.
/// </summary>
internal sealed class LayeredTypes(Random random, int layers)
{
    // Each doubles the time of the plain recursion.
    private const int MostTwice = 6;

    private readonly bool[] _twice = Twice(random, layers);

    /// <summary>Structs that hold structs; some of the members are pointers.</summary>
    public void Structs(BtfWriter to, Random other)
    {
        uint[] below = [to.Int("int", other.Next(40) == 0 ? 8u : 4u), to.Int("int", 4)];
        for (var i = 0; i < layers; i++)
        {
            var made = new uint[2];
            for (var k = 0; k < 2; k++)
            {
                var members = new List<Member> { new("x", below[other.Next(12) == 0 ? 1 : 0], 0) };
                if (_twice[i]) members.Add(new("x", below[1], 32));
                if (other.Next(6) == 0) members.Add(new("p", to.Ptr(below[0]), 64));
                if (other.Next(60) == 0) members[0] = members[0] with { Name = "y" };
                made[k] = to.Struct(i == layers - 1 && k == 0 ? "root" : $"s{i}", 8, [.. members]);
            }
            below = made;
        }
    }

    /// <summary>Functions that take functions.</summary>
    public void Functions(BtfWriter to, Random other)
    {
        var below = other.Next(40) == 0 ? to.Ptr(0) : to.Int("int", 4);
        for (var i = 0; i < layers; i++)
        {
            var taken = other.Next(3) == 0 ? to.Ptr(below) : below;
            below = to.FuncProto(other.Next(4) == 0 ? below : 0, _twice[i] ? [("a", below), ("b", taken)] : [("a", taken)]);
        }
        to.Ref(BtfKind.Typedef, below, "root");
    }

    /// <summary>Unnamed structs within unnamed structs, the last of which may have the member <c>x</c>.</summary>
    public void Unnamed(BtfWriter to, Random other)
    {
        var number = to.Int("int", 4);
        uint[] below = [to.Struct("", 4, new Member(other.Next(3) == 0 ? "x" : "y", number, 0)), to.Struct("", 4)];
        for (var i = 0; i < layers; i++)
        {
            var name = i == layers - 1 ? "root" : "";
            var members = new List<Member> { new("", below[other.Next(8) == 0 ? 1 : 0], 0) };
            if (_twice[i]) members.Add(new("", below[1], 32));
            if (other.Next(30) == 0) members.Add(new("x", number, 96));
            below = [to.Struct(name, 16, [.. members]), name.Length > 0 ? 0 : to.Struct("", 16, new Member("", below[0], 64))];
        }
    }

    private static bool[] Twice(Random random, int layers)
    {
        var twice = new bool[layers];
        for (var i = 0; i < MostTwice; i++) twice[random.Next(layers)] = true;
        return twice;
    }
}
