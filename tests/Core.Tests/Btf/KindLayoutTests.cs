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
        Assert.InRange(LayoutOf(kind).Once.Length, KindShape.Head, LargestWords.First * 8); // the words that the scan looks at in any case
        Assert.DoesNotContain(LayoutOf(kind).Once[2..] + LayoutOf(kind).Element, word => !"nt.T".Contains(word, StringComparison.Ordinal));
    }

    // LargestWords takes three vectors in turns: an element must come round with them.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Elements_fill_the_vectors_that_are_used_in_turns(BtfKind kind) =>
        Assert.True(LayoutOf(kind).Element.Length == 0 || (LargestWords.Vectors - LargestWords.First) * 8 % LayoutOf(kind).Element.Length == 0);

    // skip_mods_and_typedefs of libbpf goes through modifiers and typedefs; a chain may also go through arrays (btf__resolve_size).
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Those_that_go_on_to_another_type_are_modifiers_typedefs_and_arrays(BtfKind kind) =>
        Assert.Equal(kind.IsModifierOrTypedef() || kind == BtfKind.Array, LayoutOf(kind).Next > 0);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_has_a_test_of_its_references(BtfKind kind) => Assert.Contains(BtfReferencesTests.Shapes(), row => row.Data.Item1 == kind);
}
