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
