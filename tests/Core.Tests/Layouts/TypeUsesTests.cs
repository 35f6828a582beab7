using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Core.Tests.Layouts;

public class TypeUsesTests
{
    [Fact]
    public void Members_through_pointers_and_arrays_and_typedefs_are_uses_and_others_are_not()
    {
        var (types, wanted) = Made();
        var (uses, next) = TypeUses.Find(types, wanted, new(1, 0), 10, TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                new("struct holder", "own", "struct wanted own"),
                new("struct holder", "all", "struct wanted *all[4]"),
                new("typedef wanted_t", null, "struct wanted wanted_t"),
            ],
            uses);
        Assert.Null(next);
    }

    [Fact]
    public void A_page_ends_where_the_next_begins()
    {
        var (types, wanted) = Made();
        var place = new SearchPlace(1, 0);
        var found = new List<string?>();
        for (var pages = 0; pages < 10; pages++)
        {
            var (uses, next) = TypeUses.Find(types, wanted, place, 1, TestContext.Current.CancellationToken);
            found.AddRange(uses.Select(use => use.Member ?? use.In));
            if (next is null) break;
            place = next.Value;
        }

        Assert.Equal(["own", "all", "typedef wanted_t"], found);
    }

    [Fact]
    public void Page_of_very_long_declarations_ends_early()
    {
        var btf = new BtfWriter();
        var wanted = btf.Struct("wanted", 0);
        var prototype = btf.FuncProto(0, [.. Enumerable.Repeat((new string('p', 500), btf.Ptr(wanted)), 900)]);
        for (var i = 0; i < 10; i++) btf.Ref(BtfKind.Func, prototype, $"f_{i}");
        var (uses, next) = TypeUses.Find(
            BtfReader.Read(btf.ToBytes()), wanted, new(1, 0), 1_000, TestContext.Current.CancellationToken);
        Assert.InRange(uses.Count, 1, 3);
        Assert.NotNull(next);
    }

    [Fact]
    public void Cancellation_ends_the_search_at_any_type()
    {
        var (types, wanted) = Made();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => { TypeUses.Find(types, wanted, new(1, 0), 10, stop.Token); });
    }

    private static (BtfTypes Types, uint Wanted) Made()
    {
        var btf = new BtfWriter();
        var word = btf.Int("int", 4);
        var wanted = btf.Struct("wanted", 4, new BtfWriter.Member("a", word, 0));
        btf.Struct("holder", 48, new("own", wanted, 0), new("other", word, 32), new("all", btf.Array(btf.Ptr(wanted), word, 4), 64));
        btf.Ref(BtfKind.Typedef, wanted, "wanted_t");
        return (BtfReader.Read(btf.ToBytes()), wanted);
    }
}
