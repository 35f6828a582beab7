using System.Text;
using Relo.Core.Btf;
using Relo.Core.Fingerprints;

namespace Relo.Core.Tests.Fingerprints;

public class FingerprintTests
{
    private const string OfInner = "Struct holder, Struct inner, Struct outer, Typedef inner_t";
    private const string OfWord = $"Func call_me, Int int, Struct flavoured, {OfInner}, Struct twice";
    private const string OfLong = "Func call_me, Int long, Struct far";
    private const string OfPointers = "Struct pointer_to_enum, Struct pointer_to_far, Struct pointer_to_fwd";

    private static readonly (string What, Variation Changed, string Names)[] OneThing =
    [
        ("nothing", new(), ""),
        ("every type id", new() { HasPadding = true }, "+Int unused"),
        ("a member's name", new() { Member = "b" }, OfInner),
        ("a member's offset", new() { MemberAt = 8 }, OfInner),
        ("the width of a bit-field", new() { Bits = 4 }, OfInner),
        ("the size of a struct", new() { InnerSize = 12 }, OfInner),
        ("the order of members", new() { IsReversed = true }, OfInner),
        ("struct and union", new() { IsUnion = true }, "Struct holder, -Struct inner, Struct outer, Typedef inner_t, +Union inner"),
        ("an enumerator's name", new() { Enumerator = "GREEN" }, "Enum colour, Struct pointer_to_enum"),
        ("an enumerator's value", new() { EnumValue = 2 }, "Enum colour, Struct pointer_to_enum"),
        ("the sign of an enum", new() { EnumIsSigned = true }, "Enum colour, Struct pointer_to_enum"),
        ("the sign of an integer", new() { IntEncoding = 0 }, OfWord),
        ("the pointer size", new() { LongSize = 4 }, $"{OfLong}, {OfPointers}"),
        ("the name of what a pointer leads to", new() { Target = "near" }, "-Struct far, +Struct near, Struct pointer_to_far"),
        ("the kind of what a pointer leads to", new() { TargetKind = BtfKind.Union }, "-Struct far, Struct pointer_to_far, +Union far"),
        ("the members of what a pointer leads to", new() { FarMember = "y" }, "Struct far"),
        ("the length of an array", new() { Elements = 5 }, "Struct holder"),
        ("const", new() { IsConst = true }, "Struct pointer_to_far"),
        ("a forward declaration", new() { FwdIsUnion = true }, "Fwd later, Struct pointer_to_fwd"),
        ("the order of candidates", new() { IsDuplicateFirst = true }, "Struct twice"),
        ("the number of candidates", new() { Duplicates = 2 }, "Struct twice"),
        ("the flavour of a name", new() { Flavour = "flavoured" }, "Struct flavoured"),
        ("the name of a parameter", new() { Parameter = "argument" }, "Func call_me"),
        ("the parameters of a function", new() { Parameters = 2 }, "Func call_me"),
    ];

    public static TheoryData<string> Things => [.. OneThing.Select(thing => thing.What)];

    [Theory, MemberData(nameof(Things))]
    public void Change_of_one_thing_changes_the_fingerprints_of_all_names_that_depend_on_it_and_no_other(string what)
    {
        var (_, changed, names) = OneThing.Single(thing => thing.What == what);
        var (before, after) = (Named(new Variation().ToBytes()), Named(changed.ToBytes()));
        var differences = before.Keys.Union(after.Keys).Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name))
            .OrderBy(name => name, StringComparer.Ordinal)
            .Select(name => !after.ContainsKey(name) ? $"-{name}" : before.ContainsKey(name) ? name : $"+{name}");
        var expected = names.Split(", ", StringSplitOptions.RemoveEmptyEntries).OrderBy(name => name.TrimStart('+', '-'), StringComparer.Ordinal);
        Assert.Equal(expected, differences);
    }

    [Fact]
    public void Enum_of_64_bits_has_the_name_of_an_enum() =>
        Assert.NotNull(Of(b => b.Enum64("wide", true, ("A", 1))).Find(new(BtfKind.Enum, "wide")));

    [Fact]
    public void Types_without_a_name_have_no_fingerprint_of_their_own()
    {
        var all = Of(b => b.Struct("", 4, new BtfWriter.Member("a", b.Int("int", 4), 0))).All;
        Assert.Equal([BtfKind.Void, BtfKind.Int], all.Select(one => one.Kind).Order());
    }

    [Fact]
    public void Struct_without_a_name_after_a_pointer_counts_with_its_members() =>
        Assert.NotEqual(Holder("a"), Holder("b"));

    private static Fingerprint? Holder(string member) => Of(b => b.Struct("holder", 8, new BtfWriter.Member(
        "p", b.Ptr(b.Struct("", 4, new BtfWriter.Member(member, b.Int("int", 4), 0))), 0))).Find(new(BtfKind.Struct, "holder"));

    [Fact]
    public void Type_that_contains_itself_leaves_a_kernel_without_fingerprints()
    {
        var b = new BtfWriter();
        b.Struct("x", 4, new BtfWriter.Member("x", b.NextId, 0));
        Assert.Null(KernelFingerprints.Of(BtfReader.Read(b.ToBytes())));
    }

    [Fact]
    public void Chain_of_pointers_longer_than_any_real_one_leaves_a_kernel_without_fingerprints()
    {
        var b = new BtfWriter();
        var id = b.Int("int", 4);
        for (var i = 0; i < 100_000; i++) id = b.Struct($"s{i}", 4, new BtfWriter.Member("x", b.NextId + 1, 0));
        b.Struct("last", 4, new BtfWriter.Member("x", 1, 0));
        Assert.Null(KernelFingerprints.Of(BtfReader.Read(b.ToBytes())));
    }

    private static KernelFingerprints Of(Func<BtfWriter, uint> write)
    {
        var b = new BtfWriter();
        write(b);
        return KernelFingerprints.Of(BtfReader.Read(b.ToBytes()))!;
    }

    private static Dictionary<string, Fingerprint> Named(byte[] btf) => KernelFingerprints.Of(BtfReader.Read(btf))!.All
        .Where(one => one.Kind != BtfKind.Void).ToDictionary(one => $"{one.Kind} {Encoding.UTF8.GetString(one.Name)}", one => one.Fingerprint);
}
