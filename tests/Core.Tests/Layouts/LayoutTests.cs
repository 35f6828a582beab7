using System.Collections;
using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Core.Tests.Layouts;

/// <summary>Layouts as pahole (dwarves_fprintf.c) prints them.</summary>
public class LayoutTests
{
    private static BtfTypes Read(Action<BtfWriter> write)
    {
        var btf = new BtfWriter();
        write(btf);
        return BtfReader.Read(btf.ToBytes());
    }

    private static TypeLayout Layout(BtfTypes types, string name) => LayoutReader.Read(types, NamedTypes.Find(types, name)[0]);

    [Fact]
    public void Text_shows_offsets_holes_bit_fields_and_padding()
    {
        var types = Read(b =>
        {
            var (word, small) = (b.Int("int", 4), b.Int("char", 1));
            var inner = b.Union("", 8, new("a", word, 0), new("b", b.Ptr(word), 0));
            b.Struct("x", 96, new("c", small, 0), new("", inner, 64), new("f", word, 128, 3), new("name", b.Array(small, word, 16), 512),
                new("end", small, 672));
        });
        Assert.Equal(
            """
            struct x {
            	char                       c;                    /*     0     1 */

            	/* XXX 7 bytes hole */

            	union {
            		int                a;                    /*     8     4 */
            		int *              b;                    /*     8     8 */
            	};                                               /*     8     8 */
            	int                        f:3;                  /*    16: 0  4 */

            	/* XXX 47 bytes hole */

            	/* --- cacheline 1 boundary (64 bytes) --- */
            	char                       name[16];             /*    64    16 */

            	/* XXX 4 bytes hole */

            	char                       end;                  /*    84     1 */

            	/* padding: 11 */
            	/* size: 96, cachelines: 2, members: 5 */
            };

            """.ReplaceLineEndings("\n"),
            LayoutText.Of(Layout(types, "x")));
    }

    [Fact]
    public void Enum_has_its_values_by_sign()
    {
        var types = Read(b =>
        {
            b.Enum("signed_one", 4, true, ("LOW", -1));
            b.Enum("unsigned_one", 4, false, ("HIGH", -1));
            b.Enum64("wide", false, ("ALL", -1));
        });
        Assert.Equal("-1", Layout(types, "signed_one").Enumerators![0].Value);
        Assert.Equal("4294967295", Layout(types, "unsigned_one").Enumerators![0].Value);
        Assert.Equal("18446744073709551615", Layout(types, "wide").Enumerators![0].Value);
    }

    [Fact]
    public void Bare_name_means_the_struct_and_the_kind_selects_another()
    {
        var types = Read(b =>
        {
            var id = b.Struct("key", 4, new BtfWriter.Member("a", b.Int("int", 4), 0));
            b.Ref(BtfKind.Typedef, id, "key");
            b.Ref(BtfKind.Func, b.FuncProto(0), "key");
        });
        Assert.Equal(["struct", "typedef", "func"], NamedTypes.Find(types, "key").Select(NamedTypes.KindOf));
        Assert.Equal("struct", NamedTypes.KindOf(Assert.Single(NamedTypes.Find(types, "struct key"))));
        Assert.Equal("typedef struct key key", LayoutReader.Read(types, NamedTypes.Find(types, "key", "typedef")[0]).Declaration);
        Assert.Equal("void key(void)", LayoutReader.Read(types, NamedTypes.Find(types, "key", "func")[0]).Declaration);
        Assert.Empty(NamedTypes.Find(types, "ke"));
    }

    [Fact]
    public void Typedef_of_an_anonymous_type_has_its_members()
    {
        var types = Read(b =>
        {
            var word = b.Int("int", 4);
            b.Ref(BtfKind.Typedef, b.Struct("", 8, new("counter", word, 0), new("other", word, 32)), "atomic_t");
            b.Ref(BtfKind.Typedef, b.Enum("", 4, false, ("ONE", 1)), "kinds");
        });
        var layout = Layout(types, "atomic_t");
        Assert.Equal(("typedef", "typedef struct {…} atomic_t", 8L), (layout.Kind, layout.Declaration, layout.SizeBytes));
        Assert.Equal(["counter", "other"], layout.Members!.Select(member => member.Name));
        Assert.StartsWith("typedef struct {\n\tint                        counter;", LayoutText.Of(layout), StringComparison.Ordinal);
        Assert.EndsWith("\n} atomic_t;\n", LayoutText.Of(layout), StringComparison.Ordinal);
        Assert.Equal("typedef enum {\n\tONE = 1,\n\n\t/* size: 4, values: 1 */\n} kinds;\n", LayoutText.Of(Layout(types, "kinds")));
    }

    [Fact]
    public void Members_of_a_named_struct_without_a_member_name_are_members_of_the_outer_one()
    {
        var types = Read(b =>
        {
            var named = b.Struct("named", 4, new BtfWriter.Member("a", b.Int("int", 4), 0));
            b.Struct("holder", 4, new BtfWriter.Member("", named, 0));
        });
        var member = Assert.Single(Layout(types, "holder").Members!);
        Assert.Equal((null, "struct named", "a"), (member.Name, member.Type, Assert.Single(member.Members!).Name));
    }

    [Fact]
    public void Anonymous_structs_that_contain_each_other_many_times_are_refused()
    {
        var types = Read(b =>
        {
            var id = b.Struct("", 0);
            for (var i = 0; i < 30; i++) id = b.Struct(i == 29 ? "bomb" : "", 0, new("", id, 0), new("", id, 0));
        });
        Assert.Throws<LayoutTooLargeException>(() => Layout(types, "bomb"));
        Assert.Throws<LayoutTooLargeException>(() => TypeSnapshot.Of(types, NamedTypes.Find(types, "bomb")[0]));
    }

    [Fact]
    public void Search_finds_types_and_their_parts_page_by_page()
    {
        var types = Read(b =>
        {
            var word = b.Int("int", 4);
            b.Struct("task", 8, new("task_id", word, 0), new("other", word, 32));
            b.Enum("state", 4, false, ("TASK_DEAD", 1), ("task_dead", 2));
            b.Ref(BtfKind.Func, b.FuncProto(word, ("fd", word)), "do_task");
        });
        var (first, next) = TypeSearch.Run(types, "task", new(1, 0), 3, CancellationToken.None);
        Assert.Equal(
            [new("struct", "task", null, null), new("field", "task_id", "struct task", "int task_id"),
                new("enumerator", "task_dead", "enum state", null)],
            first);
        var (rest, end) = TypeSearch.Run(types, "task", next!.Value, 3, CancellationToken.None);
        Assert.Equal([new TypeHit("func", "do_task", null, "int do_task(int fd)")], rest);
        Assert.Null(end);
    }

    [Theory]
    [InlineData("x{")]
    [InlineData("}{…}")]
    public void Name_with_braces_is_the_name_of_a_type(string name)
    {
        var types = Read(b =>
        {
            var named = b.Struct(name, 4, new BtfWriter.Member("a", b.Int("int", 4), 0));
            b.Struct("holder", 4, new BtfWriter.Member("", named, 0));
        });
        Assert.Contains($"\n\tstruct {name} ", LayoutText.Of(Layout(types, "holder")), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_reads_each_hole_once()
    {
        const int count = 1_000;
        var holes = new CountedHoles(count);
        var members = Enumerable.Range(0, count + 1).Select(i => new MemberLayout($"m{i}", "char", 2 * i, 1)).ToList();
        var text = LayoutText.Of(new TypeLayout("struct", "x", null, (2 * count) + 1, members, holes));
        Assert.Equal(count, text.Split("/* XXX 1 bytes hole */").Length - 1);
        Assert.Equal(count, holes.Read);
    }

    [Fact]
    public void Page_of_very_long_declarations_ends_early_and_the_next_one_continues()
    {
        var types = Read(b =>
        {
            var word = b.Int("int", 4);
            var prototype = b.FuncProto(word, [.. Enumerable.Repeat((new string('p', 500), word), 1_000)]);
            for (var i = 0; i < 10; i++) b.Ref(BtfKind.Func, prototype, $"f_{i}");
        });
        var found = new List<string>();
        for (SearchPlace? place = new SearchPlace(1, 0); place is not null;)
        {
            var (hits, next) = TypeSearch.Run(types, "f_", place.Value, 1_000, TestContext.Current.CancellationToken);
            Assert.InRange(hits.Count, 1, 3);
            found.AddRange(hits.Select(hit => hit.Name));
            place = next;
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"f_{i}"), found);
    }

    /// <summary>Holes of one byte after each byte.</summary>
    private sealed class CountedHoles(int count) : IReadOnlyList<LayoutHole>
    {
        public int Read { get; private set; }

        public int Count => count;

        public LayoutHole this[int index] => new((2 * index) + 1, 1);

        public IEnumerator<LayoutHole> GetEnumerator()
        {
            for (var i = 0; i < count; i++)
            {
                Read++;
                yield return this[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
