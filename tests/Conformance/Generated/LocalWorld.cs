namespace Relo.Conformance.Generated;

/// <summary>Generates the types an object was compiled against: valid C types, small, with few names so that they collide.</summary>
public sealed class LocalWorld(Random random)
{
    private readonly World _world = new();

    public static World Make(Random random) => new LocalWorld(random).Make();

    public static string ValueName(Random random) => $"V{random.Next(7)}{(random.Next(12) == 0 ? "___v" : "")}";

    private World Make()
    {
        _world.Scalars.AddRange([
            new IntT("char", 1, random.Next(2)), new IntT("unsigned char", 1, 0), new IntT("short", 2, IntT.Signed),
            new IntT("unsigned short", 2, 0),
            new IntT("int", 4, IntT.Signed), new IntT("unsigned int", 4, 0), new IntT("long", 8, IntT.Signed),
            new IntT("unsigned long long", 8, 0),
            new IntT("_Bool", 1, IntT.Bool), new FloatT("double", 8),
            new IntT("signed char", 1, IntT.Signed | (random.Next(4) == 0 ? IntT.Char : 0)),
        ]);
        for (var i = 0; i < 3; i++) _world.Enums.Add(MakeEnum($"E{i}{Flavor()}"));
        _world.Fwds.Add(new("F0", random.Next(2) == 0));
        for (var i = 0; i < 6; i++) _world.Composites.Add(MakeComposite($"{(random.Next(5) == 0 ? "U" : "S")}{i}{Flavor()}", depth: 0));
        for (var i = 0; i < 3; i++)
            _world.Typedefs.Add(new($"T{i}{Flavor()}", random.Next(3) == 0 ? MakeComposite("", depth: 1) : AnyType(depth: 1)));
        return _world;
    }

    private string Flavor() =>
        random.Next(
            8) switch
        { 0 => "___f", 1 when random.Next(3) == 0 => "___a___b", 1 => "___", 2 when random.Next(3) == 0 => "____x", _ => "" };

    private EnumT MakeEnum(string name)
    {
        var wide = random.Next(3) == 0;
        var values = Enumerable.Range(0, random.Next(1, 5)).Select(_ => ValueName(random)).Distinct()
            .Select(value => (value, wide ? random.NextInt64() >> random.Next(64) : random.Next() >> random.Next(32))).ToList();
        if (random.Next(3) == 0) values[0] = (values[0].value, -1 - random.Next(5));
        return new(name, wide, random.Next(2) == 0, wide ? 8 : 4, [.. values]);
    }

    private CompositeT MakeComposite(string name, int depth)
    {
        var isUnion = name.StartsWith('U') || (name.Length == 0 && random.Next(2) == 0);
        var members = new List<Member>();
        for (var i = random.Next(1, 7 - depth); i > 0; i--) members.Add(MakeMember(depth));
        if (!isUnion && random.Next(8) == 0) members.Add(new($"m{random.Next(12)}", new ArrayT(AnyType(depth + 2), 0)));
        var result =
            new CompositeT(name, isUnion, [.. members.DistinctBy(member => member.Name.Length == 0 ? member : (object)member.Name)]);
        TypeLayout.Place(result, packed: random.Next(6) == 0);
        return result;
    }

    private Member MakeMember(int depth)
    {
        var name = $"m{random.Next(12)}";
        if (random.Next(5) == 0) return BitField(name);
        if (depth < 3 && random.Next(6) == 0) return new(random.Next(3) == 0 ? name : "", MakeComposite("", depth + 1));
        return new(name, AnyType(depth + 1));
    }

    private Member BitField(string name)
    {
        T type = random.Next(6) == 0 && _world.Enums.Count > 0
            ? _world.Enums[random.Next(_world.Enums.Count)]
            : _world.Scalars[random.Next(8)];
        return new(name, random.Next(5) == 0 ? new ModifierT(10, type) : type, random.Next(1, TypeLayout.SizeOf(type) * 8));
    }

    /// <summary>A type for a member: complete, so no bare void, function or forward declaration.</summary>
    private T AnyType(int depth) => random.Next(depth > 3 ? 6 : 13) switch
    {
        < 4 => _world.Scalars[random.Next(_world.Scalars.Count)],
        4 => new PtrT(Pointee(depth)),
        5 when _world.Enums.Count > 0 => random.Next(3) == 0 ? MakeEnum("") : _world.Enums[random.Next(_world.Enums.Count)],
        6 or 7 => new ArrayT(AnyType(depth + 1), random.Next(1, 5)),
        8 => new ModifierT(random.Next(3) switch { 0 => 9, 1 => 10, _ => 18 }, AnyType(depth + 1)),
        9 => new TypedefT($"T{random.Next(3)}", AnyType(depth + 1)),
        10 or 11 when _world.Composites.Count > 0 => _world.Composites[random.Next(_world.Composites.Count)],
        _ => new PtrT(Pointee(depth)),
    };

    private T? Pointee(int depth) => random.Next(7) switch
    {
        0 => null,
        1 => new ProtoT(
            random.Next(2) == 0 ? null : AnyType(depth + 2), [.. Enumerable.Range(0, random.Next(3)).Select(_ => AnyType(depth + 2))]),
        2 => _world.Fwds.Count > 0 ? _world.Fwds[0] : null,
        3 => new ModifierT(10, random.Next(2) == 0 ? null : AnyType(depth + 1)),
        _ => AnyType(depth + 1),
    };
}
