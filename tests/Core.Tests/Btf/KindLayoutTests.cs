using Relo.Core.Btf;

namespace Relo.Core.Tests.Btf;

public class KindLayoutTests
{
    public static TheoryData<BtfKind> Kinds() => [.. Enum.GetValues<BtfKind>().Where(KindLayout.IsKnown)];

    private static KindLayout LayoutOf(BtfKind kind) => KindLayout.Of(kind)!;

    [Fact]
    public void Kinds_are_numbered_without_gaps_so_that_each_has_its_row()
    {
        Assert.Equal(Enumerable.Range(0, Enum.GetValues<BtfKind>().Length), Enum.GetValues<BtfKind>().Select(kind => (int)kind));
        Assert.Null(KindLayout.Of(KindLayout.Last + 1));
        Assert.Null(KindLayout.Of(BtfKind.Void));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_begins_with_the_head_of_all_types_and_uses_only_letters_that_are_explained(BtfKind kind)
    {
        Assert.Equal("ni", LayoutOf(kind).Once[..2]);
        Assert.True(LayoutOf(kind).Once.Length >= KindShape.Head);
        Assert.DoesNotContain(LayoutOf(kind).Once[2..] + LayoutOf(kind).Element, word => !"nt.T".Contains(word, StringComparison.Ordinal));
    }

    // KindShape, which the scan reads, has room for no other places.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Names_come_first_and_type_ids_stand_together(BtfKind kind)
    {
        foreach (var words in new[] { LayoutOf(kind).Once, LayoutOf(kind).Element })
        {
            Assert.DoesNotContain("n", words.Length == 0 ? "" : words[1..], StringComparison.Ordinal);
            var ids = WordRange.OfIds(words);
            Assert.All(Enumerable.Range(0, words.Length),
                word => Assert.Equal(word >= ids.First && word < ids.End, KindLayout.IsType(words[word])));
        }
    }

    // skip_mods_and_typedefs of libbpf goes through modifiers and typedefs; a chain may also go through arrays (btf__resolve_size).
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Those_that_go_on_to_another_type_are_modifiers_typedefs_and_arrays(BtfKind kind) =>
        Assert.Equal(kind.IsModifierOrTypedef() || kind == BtfKind.Array, LayoutOf(kind).Next > 0);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_has_a_test_of_its_references(BtfKind kind) =>
        Assert.Contains(BtfReferencesTests.Shapes(), row => row.Data.Item1 == kind);
}
