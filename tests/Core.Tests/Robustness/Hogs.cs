using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Tests.Building;
using static Relo.Core.Btf.BtfWriter;

namespace Relo.Core.Tests.Robustness;

/// <summary>Small objects and kernels that are made to keep a matcher busy: each is one idea with a name.</summary>
internal static class Hogs
{
    /// <summary>Levels of the recursive ones: 2 to the power of it takes hours.</summary>
    private const int Levels = 30;

    /// <summary>As long as a name may be.</summary>
    private const int LongName = 1024;

    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, Func<Ask>> All { get; } = new Dictionary<string, Func<Ask>>
    {
        ["members named twice on each level"] = MembersNamedTwice,
        ["functions of functions, exists"] = () => Functions(CoreReloKind.TypeExists),
        ["functions of functions, matches"] = () => Functions(CoreReloKind.TypeMatches),
        ["unnamed members within unnamed members"] = UnnamedMembers,
        ["enumerators of underscores"] = () => Enumerators(2_000, 20_000, Underscores()),
        ["members of underscores"] = () => Members(200, 20_000, Underscores()),
        ["members of underscores, matches"] = MembersMatched,
        ["types of underscores"] = TypesOfUnderscores,
        ["candidates of one name"] = () => Candidates(2_000, 20_000),
        ["chains of modifiers"] = Modifiers,
        ["enumerators by the thousand"] = LongEnums,
        ["names in one bucket"] = OneBucket,
    };

    /// <summary><c>struct s1 { struct s0 x; struct s0 x; }</c> and so on, and an integer that differs at the end.</summary>
    private static Ask MembersNamedTwice()
    {
        static uint Tree(BtfWriter b, uint size)
        {
            var id = b.Int("int", size);
            for (var i = 1; i <= Levels; i++) id = b.Struct(i == Levels ? "s" : $"s{i}", 4, new Member("x", id, 0), new Member("x", id, 0));
            return id;
        }
        return new Ask(b => Tree(b, 4), b => Tree(b, 8)).Move(CoreReloKind.TypeMatches, "0", 1);
    }

    private static Ask Functions(CoreReloKind kind)
    {
        static uint Tree(BtfWriter b)
        {
            var id = b.Int("int", 4);
            for (var i = 0; i <= Levels; i++) id = b.FuncProto(0, ("a", id), ("b", id), ("c", id));
            return b.Ref(BtfKind.Typedef, id, "f");
        }
        return new Ask(Tree, b => Tree(b)).Move(kind, "0", 1);
    }

    private static Ask UnnamedMembers()
    {
        static void Tree(BtfWriter b)
        {
            var id = b.Struct("", 4, new Member("x", b.Int("int", 4), 0));
            for (var i = 1; i <= Levels; i++) id = b.Struct(i == Levels ? "s" : "", 4, new Member("", id, 0), new Member("", id, 0));
        }
        return new Ask(b => b.Struct("s", 4, new Member("y", b.Int("int", 4), 0)), Tree).Move(CoreReloKind.FieldExists, "0:0", 1);
    }

    private static Ask Enumerators(int local, int target, string name)
    {
        var ask = new Ask(b => b.Enum("e", 4, false, [.. Enumerable.Repeat(("a", 0), local)]),
            b => b.Enum("e", 4, false, [.. Enumerable.Repeat((name, 0), target)]));
        for (var i = 0; i < local; i++) ask.Move(CoreReloKind.EnumValueExists, $"{i}", 1);
        return ask;
    }

    private static Ask Members(int local, int target, string name)
    {
        var ask = new Ask(
            b => { var id = b.Int("int", 4); return b.Struct("s", 4, [.. Enumerable.Repeat(new Member(name[..^1], id, 0), local)]); },
            b => { var id = b.Int("int", 4); b.Struct("s", 4, [.. Enumerable.Repeat(new Member(name, id, 0), target)]); });
        for (var i = 0; i < local; i++) ask.Move(CoreReloKind.FieldExists, $"0:{i}", 1);
        return ask;
    }

    private static Ask MembersMatched()
    {
        static uint S(BtfWriter b, string name, int count)
        {
            var id = b.Int("int", 4);
            return b.Struct("s", 4, [.. Enumerable.Repeat(new Member(name, id, 0), count), new Member("a", id, 0)]);
        }
        return new Ask(b => S(b, "a", 10_000), b => S(b, Underscores(), 20_000)).Move(CoreReloKind.TypeMatches, "0", 1);
    }

    private static Ask TypesOfUnderscores()
    {
        var ask = new Ask(
            b => S(b, "a"),
            b =>
            {
                var id = b.Int("int", 4);
                for (var i = 0; i < 20_000; i++) b.Struct(Underscores() + "___s", 4, new Member("x", id, 0));
            });
        for (var i = 0; i < 2_000; i++) ask.Move(CoreReloKind.TypeExists, "0", 1, root: S(ask.Local, $"{Underscores()}___{i}"));
        return ask;
    }

    private static Ask Candidates(int local, int target)
    {
        var ask = new Ask(
            b => S(b, "s"), b => { var id = b.Int("int", 4); for (var i = 0; i < target; i++) b.Struct("s", 4, new Member("x", id, 0)); });
        for (var i = 0; i < local; i++) ask.Load("0:0", 0, root: S(ask.Local, $"s___{i}"));
        return ask;
    }

    private static Ask Modifiers()
    {
        static uint Modified(BtfWriter b)
        {
            var id = b.Int("int", 4);
            for (var i = 0; i < 250; i++) id = b.Ref(BtfKind.Const, id);
            return id;
        }
        return new Ask(
            b => { var id = Modified(b); return b.Struct("s", 4, [.. Enumerable.Range(0, 200).Select(i => new Member($"m{i}", id, 0))]); },
            b => { var id = Modified(b); for (var i = 0; i < 2_000; i++) b.Struct("s", 4, [.. Enumerable.Range(0, 200).Select(i => new Member($"m{i}", id, 0))]); })
            .LoadAll(200);
    }

    private static Ask LoadAll(this Ask ask, int members)
    {
        for (var i = 0; i < members; i++) ask.Load($"0:{i}", 0);
        return ask;
    }

    private static Ask LongEnums()
    {
        static uint E(BtfWriter b, bool turned) =>
            b.Enum("e", 4, false, [.. Enumerable.Range(0, 20_000).Select(i => ($"e{(turned ? 19_999 - i : i)}", i))]);
        return new Ask(b => E(b, false), b => E(b, true)).Move(CoreReloKind.TypeMatches, "0", 1);
    }

    /// <summary>The kernel has one name 40,000 times, the object asks for names whose entries are in the same bucket.</summary>
    private static Ask OneBucket()
    {
        const int types = 40_000, buckets = 1 << 14;
        var bucket = NameIndex.Hash("s"u8) % buckets;
        var names = Enumerable.Range(0, int.MaxValue).Select(i => $"n{i}")
            .Where(name => NameIndex.Hash(System.Text.Encoding.ASCII.GetBytes(name)) % buckets == bucket).Take(300);
        var ask = new Ask(b => S(b, "s"), b => { for (var i = 0; i < types; i++) b.Struct("s", 0); });
        foreach (var name in names) ask.Move(CoreReloKind.TypeExists, "0", 1, root: S(ask.Local, name));
        return ask;
    }

    /// <summary>Runs of four underscores, each of which looks like a flavour's until its end.</summary>
    private static string Underscores() => "a" + string.Concat(Enumerable.Repeat("____b", (LongName - 16) / 5));

    private static uint S(BtfWriter b, string name) => b.Struct(name, 4, new Member("x", b.Int("int", 4), 0));
}
