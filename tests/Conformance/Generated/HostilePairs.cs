namespace Relo.Conformance.Generated;

/// <summary>
/// Pairs that no compiler makes: cycles, depths at libbpf's limits, sizes that overflow, records out of place. Each is one
/// idea with a name; where libbpf survives it, we must agree with it, where it does not, we must end with an error.
/// </summary>
public static class HostilePairs
{
    private static readonly IntT Int = new("int", 4, IntT.Signed), U64 = new("unsigned long long", 8, 0);

    private static readonly Dictionary<string, Func<GeneratedPair>> Known = Build();

    public static IEnumerable<string> Names => Known.Keys;

    public static GeneratedPair Make(string name) => Known[name]();

    private static Dictionary<string, Func<GeneratedPair>> Build()
    {
        var pairs = new Dictionary<string, Func<GeneratedPair>>
        {
            ["typedef of itself in the kernel"] = () => Field(Plain("m"), Holding(Typedefs("loop", count: 1, cyclic: true))),
            ["typedefs in a circle in the object"] = () => Field(Holding(Typedefs("loop", count: 3, cyclic: true)), Plain("m")),
            ["const of itself"] = () => Ask(new TypedefT("T", ConstLoop()), new TypedefT("T", Int), kind: 8),
            ["anonymous member of its own type"] = () => Field(Plain("m9"), Endless(anonymous: true)),
            ["named member of its own type"] = () => Field(Plain("m"), Endless(anonymous: false)),
            ["bit-field over the end of 64 bits"] = () => Field(Bits(60, 5, U64), Bits(61, 6, U64), kind: 1),
            ["bit-field of the object over the end"] = () => Field(Bits(61, 6, U64), Bits(0, 6, U64), kind: 1),
            ["bit-field that grows from 8 to 64 bits"] = () =>
                Field(Bits(0, 7, new IntT("unsigned char", 1, 0)), Bits(30, 7, new IntT("unsigned char", 1, 0)), kind: 1),
            ["array larger than 32 bits can say"] = () =>
                Field(Struct("S", new Member("m", new ArrayT(Int, 4))),
                    Struct("S", new Member("m", new ArrayT(new ArrayT(new ArrayT(Int, 1 << 14), 1 << 14), 1 << 14))), kind: 1),
            ["negative number of elements"] = () =>
                Field(Struct("S", new Member("m", new ArrayT(Int, 4))), Struct("S", new Member("m", new ArrayT(Int, -1))), access: "0:0:3"),
            ["a thousand candidates"] = () => Record(Plain("m"), [.. Enumerable.Range(0, 1000).Select(_ => Plain("m"))], "0:0", 0),
            ["a thousand candidates, the last one different"] = () =>
                Record(Plain("m"),
                    [.. Enumerable.Range(0, 1000).Select(_ => Plain("m")), Struct("S", new Member("k", Int), new Member("m", Int))], "0:0",
                    0),
            ["struct against union against typedef"] = () =>
                Record(Plain("m"),
                    [new CompositeT("S", true, [new("m", Int)]), new TypedefT("S", Int), new FwdT("S", false),
                        new EnumT("S", false, false, 4, [("m", 0)])], "0:0", 0),
            ["kind 13"] = () => Ask(Plain("m"), Plain("m"), kind: 13),
            ["kind 4294967295"] = () => Ask(Plain("m"), Plain("m"), kind: -1),
            ["anonymous root"] = () => Field(Struct("", new Member("m", Int)), Struct("", new Member("m", Int))),
            ["pointer as root"] = () => Ask(new PtrT(Int), new PtrT(Int), kind: 8),
            ["root that is void"] = () => Raw(new MadeRecord(Move(0), 0, "0", 8)),
            ["root that does not exist"] = () => Raw(new MadeRecord(Move(0), 4711, "0", 8)),
            ["enumerator of a struct"] = () => Ask(Plain("m"), Plain("m"), kind: 10),
            ["field of an enum"] = () => Field(new EnumT("E", false, false, 4, [("v", 1)]), new EnumT("E", false, false, 4, [("v", 1)])),
            ["forward declaration as root of a field"] = () => Field(new FwdT("S", false), Plain("m")),
            ["member that is only declared"] = () => Field(Holding(new FwdT("F", false)), Holding(new FwdT("F___k", true))),
            ["member declared by another name"] = () => Field(Holding(new FwdT("F", false)), Holding(new FwdT("G", false))),
            ["member that is a function"] = () => Field(Holding(new ProtoT(Int, [])), Holding(new ProtoT(Int, []))),
            ["instruction between two slots"] = () => Raw(new MadeRecord(Move(0), 1, "0:0", 0, Shift: 4)),
            ["instruction behind the program"] = () => Raw(new MadeRecord(Move(0), 1, "0:0", 0, Shift: 4096)),
            ["64-bit load at the end of the program"] = () =>
                Raw(new MadeRecord(Move(0), 1, "0:0", 0), new(Move(0), 1, "0:0", 0, Shift: 16)),
            ["two records on one instruction"] = () => Raw(new MadeRecord(Move(0), 1, "0:0", 0), new(Move(0), 1, "0:0", 0, Shift: -8)),
            ["offset that a 16-bit field cannot hold"] = () =>
                Record(Plain("m"), [Struct("S", new Member("k", new ArrayT(U64, 5000)), new Member("m", Int))], "0:0", 0,
                    instruction: [0x61, 0x10, 0, 0, 0, 0, 0, 0]),
            ["offset that 32 bits cannot hold"] = () =>
                Record(Plain("m"), [Struct("S", new Member("k", new ArrayT(U64, 5000)), new Member("m", Int))], "0:0", 0),
        };
        foreach (var access in new[]
        {
            "", ":0", "0:", "0:1", "0:0:0", "0 :0", "0:0x", "x", "1", "0:4294967296", "00:00", "0::0", "-1:0",
            string.Join(':', Enumerable.Repeat("0", 64)), string.Join(':', Enumerable.Repeat("0", 65)),
        })
            pairs[$"access string '{(access.Length > 40 ? $"{access.Length} characters" : access)}'"] = () =>
                Field(Plain("m"), Plain("m"), access: access);
        foreach (var depth in new[] { 31, 32, 33, 40 })
        {
            pairs[$"pointers {depth} deep, exists"] = () =>
                Ask(new TypedefT("T", Pointers(depth)), new TypedefT("T", Pointers(depth)), kind: 8);
            pairs[$"pointers {depth} deep, matches"] = () =>
                Ask(new TypedefT("T", Pointers(depth)), new TypedefT("T", Pointers(depth)), kind: 12);
            pairs[$"functions of functions {depth} deep"] = () =>
                Ask(new TypedefT("T", Functions(depth)), new TypedefT("T", Functions(depth)), kind: 8);
            pairs[$"typedefs {depth} deep, size"] = () =>
                Ask(Typedefs("T", depth, cyclic: false, Int), new TypedefT("T", Int), kind: 9, value: 4);
            pairs[$"structs {depth} deep, matches"] = () => Ask(Nested(depth, anonymous: false), Nested(depth, anonymous: false), kind: 12);
        }
        foreach (var depth in new[] { 61, 62, 63, 64, 65, 70 })
            pairs[$"anonymous structs {depth} deep"] = () => Record(Plain("deep"), [Nested(depth, anonymous: true)], "0:0", 0);
        return pairs;
    }

    private static CompositeT Struct(string name, params ReadOnlySpan<Member> members)
    {
        var made = new CompositeT(name, false, [.. members]);
        TypeLayout.Place(made, packed: false);
        return made;
    }

    private static CompositeT Plain(string member) => Struct("S", new Member(member, Int));

    /// <summary>For types of unknown size.</summary>
    private static CompositeT Holding(T type) => new("S", false, [new("m", type)]) { Size = 8 };

    private static CompositeT Bits(int offset, int bits, T type) =>
        new("S", false, [new("m", type, bits) { BitOffset = offset }]) { Size = 16 };

    private static TypedefT Typedefs(string name, int count, bool cyclic, T? of = null)
    {
        var first = new TypedefT(name, of);
        var last = first;
        for (; count > 1; count--) last.Of = last = new($"{name}{count}", of);
        if (cyclic) last.Of = first;
        return first;
    }

    private static ModifierT ConstLoop()
    {
        var loop = new ModifierT(10, null);
        loop.Of = loop;
        return loop;
    }

    private static CompositeT Endless(bool anonymous)
    {
        var made = new CompositeT("S", false, []) { Size = 8 };
        made.Members.Add(new(anonymous ? "" : "m", made));
        return made;
    }

    private static T Pointers(int depth) => depth == 0 ? Int : new PtrT(Pointers(depth - 1));

    private static T Functions(int depth) => depth == 0 ? Int : new PtrT(new ProtoT(null, [Functions(depth - 1)]));

    private static CompositeT Nested(int depth, bool anonymous)
    {
        var inner = Struct(anonymous ? "" : $"S{depth}", new Member("deep", Int));
        for (var level = depth - 1; level > 0; level--)
            inner = Struct(level == 1 ? "S" : anonymous ? "" : $"S{level}", new Member(anonymous ? "" : "inner", inner));
        return inner;
    }

    private static byte[] Move(int value) => [0xb7, 1, 0, 0, .. BitConverter.GetBytes(value)];

    private static GeneratedPair Field(T local, T target, string access = "0:0", int kind = 0) => Record(local, [target], access, kind);

    private static GeneratedPair Ask(T local, T target, int kind, int value = 1) => Record(local, [target], "0", kind, Move(value));

    private static GeneratedPair Record(T local, IReadOnlyList<T> targets, string access, int kind, byte[]? instruction = null)
    {
        var types = new BtfAssembler();
        var root = types.Add(local);
        var target = new BtfAssembler();
        foreach (var type in targets) target.Add(type);
        return new(ObjectAssembler.Write(types, [new(instruction ?? Move(0), root, access, kind)]), target.Write(bigEndian: false));
    }

    private static GeneratedPair Raw(params MadeRecord[] records)
    {
        var types = new BtfAssembler();
        types.Add(Plain("m"));
        var target = new BtfAssembler();
        target.Add(Plain("m"));
        return new(ObjectAssembler.Write(types, records), target.Write(bigEndian: false));
    }
}
