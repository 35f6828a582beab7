using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Core.Tests.Layouts;

public class LayoutDiffTests
{
    private static TypeSnapshot Snapshot(Func<BtfWriter, uint> write)
    {
        var btf = new BtfWriter();
        var id = write(btf);
        var types = BtfReader.Read(btf.ToBytes());
        return TypeSnapshot.Of(types, types[id]);
    }

    private static IEnumerable<(string, string)> Changes(Func<BtfWriter, uint> from, Func<BtfWriter, uint> to)
        => LayoutDiff.Of(Snapshot(from), Snapshot(to), new(), TestContext.Current.CancellationToken)
            .Select(change => (change.Path, change.Change));

    // The example of the README: thread_info grows, state moves and is renamed.
    private static uint Task(BtfWriter b, bool isNew)
    {
        var (word, wide) = (b.Int("unsigned int", 4), b.Int("long", 8));
        var info = isNew
            ? b.Struct("thread_info", 24, new("flags", wide, 0), new("syscall_work", wide, 64), new("status", word, 128))
            : b.Struct("thread_info", 16, new("flags", wide, 0), new("status", word, 64));
        return isNew
            ? b.Struct("task_struct", 40, new("thread_info", info, 0), new("__state", wide, 192), new("flags", word, 256))
            : b.Struct("task_struct", 32, new("thread_info", info, 0), new("state", wide, 128), new("flags", word, 192));
    }

    [Fact]
    public void Embedded_struct_is_compared_within_itself_and_a_rename_is_recognised()
    {
        Assert.Equal(
            [("thread_info", "resized"), ("thread_info.status", "moved"), ("thread_info.syscall_work", "added"), ("flags", "moved"),
                ("__state", "renamed")],
            Changes(b => Task(b, isNew: false), b => Task(b, isNew: true)));
        Assert.Empty(Changes(b => Task(b, isNew: true), b => Task(b, isNew: true)));
    }

    [Fact]
    public void Member_that_moves_into_an_anonymous_union_is_the_same_member()
        => Assert.Empty(Changes(
            b => b.Struct("x", 8, new BtfWriter.Member("a", b.Int("long", 8), 0)),
            b => b.Struct("x", 8, new BtfWriter.Member("", b.Union("", 8, new BtfWriter.Member("a", b.Int("long", 8), 0)), 0))));

    // Linux 5.14: long state became unsigned int __state, while unsigned int cpu moved to thread_info.
    [Fact]
    public void Name_that_only_gains_underscores_is_the_rename_and_not_another_field_of_the_type()
        => Assert.Equal([("__state", "renamed"), ("cpu", "removed")], Changes(
            b => b.Struct("x", 16, new("state", b.Int("long", 8), 0), new("cpu", b.Int("unsigned int", 4), 64)),
            b => b.Struct("x", 8, new BtfWriter.Member("__state", b.Int("unsigned int", 4), 0))));

    [Fact]
    public void Two_alike_candidates_are_no_rename()
        => Assert.Equal([("c", "added"), ("a", "removed"), ("b", "removed")], Changes(
            b => b.Int("int", 4) is var word ? b.Struct("x", 8, new("a", word, 0), new("b", word, 32)) : 0,
            b => b.Struct("x", 4, new BtfWriter.Member("c", b.Int("int", 4), 0))));

    [Fact]
    public void Bit_field_and_type_changes_are_seen()
        => Assert.Equal([("a", "resized"), ("b", "moved"), ("c", "retyped")], Changes(
            b => b.Int("int", 4) is var word ? b.Struct("x", 8, new("a", word, 0, 1), new("b", word, 1, 1), new("c", word, 32)) : 0,
            b => b.Int("int", 4) is var word
                ? b.Struct("x", 8, new("a", word, 0, 2), new("b", word, 2, 1), new("c", b.Int("unsigned int", 4), 32))
                : 0));

    [Fact]
    public void Enumerators_are_compared_by_value()
        => Assert.Equal([("B", "value"), ("C", "added"), ("A", "removed")], Changes(
            b => b.Enum("e", 4, false, ("A", 0), ("B", 1)), b => b.Enum("e", 4, false, ("B", 2), ("C", 3))));

    [Fact]
    public void Struct_that_embeds_itself_ends()
        => Assert.Empty(Changes(
            b => b.Struct("x", 8, new BtfWriter.Member("x", b.NextId, 0)), b => b.Struct("x", 8, new BtfWriter.Member("x", b.NextId, 0))));

    [Fact]
    public void Prototype_of_a_function_and_what_a_typedef_stands_for_are_compared()
    {
        Assert.Equal([("f", "retyped")], Changes(
            b => b.Ref(BtfKind.Func, b.FuncProto(0), "f"), b => b.Ref(BtfKind.Func, b.FuncProto(0, ("x", b.Int("int", 4))), "f")));
        Assert.Equal([("n", "resized")], Changes(b => b.Int("n", 4), b => b.Int("n", 8)));
        Assert.Equal([("b", "added")], Changes(b => Alias(b, hasSecond: false), b => Alias(b, hasSecond: true)));
        Assert.Empty(Changes(b => b.Ref(BtfKind.Func, b.FuncProto(0), "f"), b => b.Ref(BtfKind.Func, b.FuncProto(0), "f")));

        static uint Alias(BtfWriter b, bool hasSecond)
        {
            var word = b.Int("int", 4);
            BtfWriter.Member[] members = [new("a", word, 0), new("b", word, 32)];
            return b.Ref(BtfKind.Typedef, b.Struct("", 8, hasSecond ? members : members[..1]), "t");
        }
    }

    [Fact]
    public void Changes_of_all_comparisons_of_an_answer_are_limited()
    {
        var (from, to) = (Snapshot(b => Wide(b, "a", 40_000)), Snapshot(b => Wide(b, "b", 40_000)));
        var (limit, stop) = (new ChangeLimit(), TestContext.Current.CancellationToken);
        Assert.Equal(80_000, LayoutDiff.Of(from, to, limit, stop).Count);
        Assert.Throws<LayoutTooLargeException>(() => LayoutDiff.Of(from, to, limit, stop));
    }

    [Fact]
    public void Paths_that_repeat_long_names_are_limited()
    {
        Assert.Throws<LayoutTooLargeException>(() => Changes(b => Deep(b, "a"), b => Deep(b, "b")));

        static uint Deep(BtfWriter b, string letter)
        {
            var id = Wide(b, letter, 2_000);
            for (var i = 0; i < 25; i++) id = b.Struct($"s{i}", 4, new BtfWriter.Member(new string('p', 500), id, 0));
            return id;
        }
    }

    [Fact]
    public void Cancellation_ends_the_comparison()
    {
        var layout = Snapshot(b => Wide(b, "a", 1));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => LayoutDiff.Of(layout, layout, new(), stop.Token));
    }

    private static uint Wide(BtfWriter b, string letter, int members)
    {
        var word = b.Int("int", 4);
        return b.Struct("wide", 4, [.. Enumerable.Range(0, members).Select(i => new BtfWriter.Member($"{letter}{i}", word, 0))]);
    }
}
